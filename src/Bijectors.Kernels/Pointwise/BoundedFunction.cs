using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary><c>u = limit tanh(s / limit)</c>, with the gradient from u.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class BoundedFunction : autograd.SingleTensorFunction<BoundedFunction>
{
    private const string Limit = nameof(Limit);

    /// <inheritdoc/>
    public override string Name => nameof(BoundedFunction);

    /// <param name="raw">s</param>
    /// <param name="limit">The limit.</param>
    public static Tensor Apply(Tensor raw, double limit)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(apply(raw, limit));
    }

    /// <summary>The value alone; no graph leads through it.</summary>
    public static Tensor Map(Tensor raw, double limit) =>
        raw.dtype == ScalarType.Float32 ? Map<float>(raw, limit) : Map<double>(raw, limit);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        var (raw, limit) = ((Tensor)vars[0], (double)vars[1]);
        var result = Map(raw, limit);
        ctx.save_data(Limit, limit);
        Backward.Note(ctx, [raw]);

        // Detached: a node that saved its own result would keep itself alive.
        ctx.save_for_backward([raw, result.detach()]);
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        return [.. Backward.Run(ctx, given, () => [Gradient(ctx, given[0]!)]), null!];
    }

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor gradient)
    {
        var limit = (double)ctx.get_data(Limit);
        var saved = ctx.get_saved_variables();
        if (is_grad_enabled())
        {
            return gradient * (1 - (saved[0] / limit).tanh().square());
        }

        return gradient.dtype == ScalarType.Float32
            ? Gradient<float>(saved[1], gradient, limit)
            : Gradient<double>(saved[1], gradient, limit);
    }

    private static Tensor Map<T>(Tensor raw, double limit)
        where T : unmanaged
    {
        using var memory = new TensorMemory();
        var result = empty(raw.shape, raw.dtype);
        Pointwise.Run(
            new BoundedOf<T>(limit), memory.Rows<T>(raw), default, default, memory.Of(result), 0, result.numel());
        return result;
    }

    private static Tensor Gradient<T>(Tensor value, Tensor gradient, double limit)
        where T : unmanaged
    {
        using var memory = new TensorMemory();
        var result = empty(value.shape, value.dtype);
        Pointwise.Run(new BoundedGradient<T>(limit), memory.Rows<T>(gradient), memory.Rows<T>(value), default,
            memory.Of(result), 0, result.numel());
        return result;
    }
}
