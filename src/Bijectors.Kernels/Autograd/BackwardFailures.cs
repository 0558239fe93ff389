using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Bijectors.Kernels;

/// <summary>
/// Exceptions of layers that compute their gradients in C#, carried past the native code that called them.
/// </summary>
/// <remarks>
/// An exception cannot pass through torch's own code: it is kept, torch is made to stop with an error of its own, and
/// the exception is thrown when torch has returned.
/// </remarks>
internal static class BackwardFailures
{
    [ThreadStatic]
    private static ExceptionDispatchInfo? t_failure;

    // On a GPU, torch runs backward passes on threads of its own.
    private static ExceptionDispatchInfo? s_failureElsewhere;

    /// <summary>Runs a backward pass and throws what was kept meanwhile.</summary>
    public static void Run(Action pass) => Run(() =>
    {
        pass();
        return true;
    });

    /// <summary>Runs a backward pass, gives what it gives, and throws what was kept meanwhile.</summary>
    public static TResult Run<TResult>(Func<TResult> pass)
    {
        // What a pass around this one has kept is its own.
        var outer = t_failure;
        t_failure = null;
        try
        {
            TResult result;
            try
            {
                result = pass();
            }
            catch (ExternalException) when ((t_failure ?? s_failureElsewhere) is not null)
            {
                result = default!;
            }

            (t_failure ?? Interlocked.Exchange(ref s_failureElsewhere, null))?.Throw();
            return result;
        }
        finally
        {
            t_failure = outer;
        }
    }

    /// <summary>Keeps an exception for the pass around it.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="isCalledFromHere">Whether the pass was called on this thread.</param>
    public static void Keep(Exception failure, bool isCalledFromHere)
    {
        if (isCalledFromHere)
        {
            t_failure ??= ExceptionDispatchInfo.Capture(failure);
        }
        else
        {
            Interlocked.CompareExchange(ref s_failureElsewhere, ExceptionDispatchInfo.Capture(failure), null);
        }
    }
}
