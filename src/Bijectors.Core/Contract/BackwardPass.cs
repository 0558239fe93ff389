using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Backward passes whose failures arrive with their own message.</summary>
/// <remarks>
/// Some layers compute their gradients in C#, called by torch. An exception there cannot pass through torch's own code:
/// it is kept, torch is made to stop with an error of its own, and the exception is thrown when torch has returned.
/// <c>loss.backward()</c> alone throws torch's error, which does not say why.
/// </remarks>
public static class BackwardPass
{
    [ThreadStatic]
    private static ExceptionDispatchInfo? t_failure;

    // On a GPU, torch runs backward passes on threads of its own.
    private static ExceptionDispatchInfo? s_failureElsewhere;

    /// <summary><c>loss.backward()</c>, but what went wrong in a layer is thrown as it was.</summary>
    /// <param name="loss">A tensor of one number.</param>
    public static void Run(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Run(() => loss.backward());
    }

    /// <summary>Runs a backward pass and throws what was kept meanwhile.</summary>
    internal static void Run(Action pass) => Run(() =>
    {
        pass();
        return true;
    });

    /// <summary>Runs a backward pass, gives what it gives, and throws what was kept meanwhile.</summary>
    internal static TResult Run<TResult>(Func<TResult> pass)
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
    internal static void Keep(Exception failure, bool isCalledFromHere)
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
