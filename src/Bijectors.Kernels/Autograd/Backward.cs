using System.Diagnostics;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>What every backward pass in C# has to do between the native frames.</summary>
internal static class Backward
{
    private const string Inputs = nameof(Inputs);

    // Another version of the binding may keep its count elsewhere; then what holds nothing stays counted.
    private static readonly bool s_hasTotalCount = HasTotalCount();

    [ThreadStatic]
    private static List<Tensor>? t_returned;

    /// <summary>
    /// Notes in a forward pass of what the backward pass is to give gradients: what was saved may not be readable
    /// when it is needed.
    /// </summary>
    /// <param name="ctx">The context of the function.</param>
    /// <param name="inputs">All tensors among its arguments, in order.</param>
    public static void Note(autograd.AutogradContext ctx, IReadOnlyList<Tensor> inputs) =>
        ctx.save_data(Inputs, inputs.Select(t => new Input(t.shape, t.dtype, t.device)).ToArray());

    /// <summary>
    /// The gradients that came in, null where there are none; torch gives those as null or as invalid tensors.
    /// </summary>
    public static Tensor?[] Given(params Tensor?[] gradients) => [.. gradients.Select(Valid)];

    /// <summary>A gradient that torch gives, or null where it is one that holds nothing.</summary>
    public static Tensor? Valid(Tensor? gradient)
    {
        if (gradient is not { IsInvalid: true })
        {
            return gradient;
        }

        // The binding counts a tensor when it is made, and when it is disposed only where it holds anything.
        if (s_hasTotalCount)
        {
            Interlocked.Decrement(ref TotalCount(null));
        }

        return null;
    }

    /// <summary>Computes gradients of what was noted in the context of a function.</summary>
    public static List<Tensor> Run(autograd.AutogradContext ctx, Tensor?[] given, Func<Tensor?[]> gradients) =>
        Run((Input[])ctx.get_data(Inputs), given, gradients);

    /// <summary>Computes gradients.</summary>
    /// <param name="inputs">The tensors that get them.</param>
    /// <param name="given">The gradients that came in, null where there are none; disposed.</param>
    /// <param name="gradients">Computes those that go out, in a scope of its own.</param>
    /// <returns>
    /// One gradient for each tensor; null for all where none came in. Where the computation failed, the exception is
    /// kept (<see cref="BackwardFailures"/>), and the gradients are such that torch refuses them with an error that can
    /// be caught; where an error of torch would end the process, they are NaN.
    /// </returns>
    public static List<Tensor> Run(Input[] inputs, Tensor?[] given, Func<Tensor?[]> gradients)
    {
        Release();
        try
        {
            using var scope = NewDisposeScope();
            if (given.All(g => g is null))
            {
                return [.. new Tensor[inputs.Length]];
            }

            try
            {
                return Return(gradients());
            }
            catch (Exception e)
            {
                // It must not reach the native frames below.
                var caller = CallerOfPass();
                BackwardFailures.Keep(e, caller is not null);
                using var ungraded = no_grad();
                return Return(caller == nameof(Tensor.backward)
                    ? [.. inputs.Select(input => empty(input.Shape, input.DType, META))]
                    : [.. inputs.Select(input => full(input.Shape, double.NaN, input.DType, input.Device))]);
            }
        }
        finally
        {
            foreach (var gradient in given)
            {
                gradient?.Dispose();
            }
        }
    }

    /// <summary>
    /// Lets go of the gradients of this thread's last call: what the native side needs of them it holds itself by now,
    /// and they may be large.
    /// </summary>
    public static void Release()
    {
        t_returned?.ForEach(t => t.Dispose());
        t_returned?.Clear();
    }

    private static List<Tensor> Return(Tensor?[] gradients)
    {
        t_returned ??= [];
        foreach (var gradient in gradients)
        {
            if (gradient is not null)
            {
                t_returned.Add(gradient);
                gradient.DetachFromDisposeScope();
            }
        }

        return [.. gradients.Select(g => g!)];
    }

    private static bool HasTotalCount()
    {
        try
        {
            _ = TotalCount(null);
            return true;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "_totalCount")]
    private static extern ref long TotalCount(Tensor? type);

    /// <summary>
    /// The method of torch that runs the innermost pass: "backward", whose errors arrive as exceptions, or "grad",
    /// whose errors end the process; null where it was called on another thread.
    /// </summary>
    private static string? CallerOfPass()
    {
        foreach (var frame in new StackTrace().GetFrames())
        {
            var (type, name) = Method(frame);
            if (name is nameof(Tensor.backward) or nameof(autograd.grad)
                && (type == typeof(Tensor).FullName || type == typeof(autograd).FullName))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The method of a frame, also in a program that was compiled ahead of time.</summary>
    private static (string? Type, string? Name) Method(StackFrame frame)
    {
#if NET9_0_OR_GREATER
        var method = DiagnosticMethodInfo.Create(frame);
        return (method?.DeclaringTypeName, method?.Name);
#else
        var method = frame.GetMethod();
        return (method?.DeclaringType?.FullName, method?.Name);
#endif
    }

    /// <summary>What is to be known of a tensor to give it a gradient.</summary>
    internal sealed record Input(long[] Shape, ScalarType DType, Device Device);
}
