using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary><c>u = limit tanh(s / limit)</c>, with the gradient from u.</summary>
internal sealed class BoundedFunction : GradientFunction<BoundedFunction, double>
{
    /// <param name="raw">s</param>
    /// <param name="limit">The limit.</param>
    public static Tensor Apply(Tensor raw, double limit) => Apply(limit, raw);

    /// <summary>The value alone; no graph leads through it.</summary>
    public static Tensor Map(Tensor raw, double limit) =>
        raw.dtype == ScalarType.Float32 ? Map<float>(raw, limit) : Map<double>(raw, limit);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, double Call) Map(Tensor[] tensors, double limit)
    {
        var result = Map(tensors[0], limit);
        return (result, [tensors[0], result.detach()], limit);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(double limit, List<Tensor> saved, Tensor given) =>
        is_grad_enabled() ? [given * (1 - (saved[0] / limit).tanh().square())]
        : given.dtype == ScalarType.Float32 ? [Gradient<float>(saved[1], given, limit)]
        : [Gradient<double>(saved[1], given, limit)];

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
