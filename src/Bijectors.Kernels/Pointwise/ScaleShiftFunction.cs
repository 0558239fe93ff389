using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// <c>y = x exp(s) + t</c>, or its inverse <c>x = (y - t) exp(-s)</c>, with gradients in closed form.
/// </summary>
internal sealed class ScaleShiftFunction : GradientFunction<ScaleShiftFunction, bool>
{
    /// <param name="point">x, or y for the inverse.</param>
    /// <param name="logScale">s, of the same shape.</param>
    /// <param name="shift">t, of the same shape.</param>
    /// <param name="inverse">Whether y is mapped to x.</param>
    public static Tensor Apply(Tensor point, Tensor logScale, Tensor shift, bool inverse) =>
        Apply(inverse, point, logScale, shift);

    /// <summary>The value alone; no graph leads through it.</summary>
    public static Tensor Map(Tensor point, Tensor logScale, Tensor shift, bool inverse) =>
        point.dtype == ScalarType.Float32
            ? Map<float>(point, logScale, shift, inverse)
            : Map<double>(point, logScale, shift, inverse);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, bool Call) Map(Tensor[] tensors, bool inverse)
    {
        var result = Map(tensors[0], tensors[1], tensors[2], inverse);
        return (result, inverse ? [.. tensors, result.detach()] : [.. tensors], inverse);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(bool inverse, List<Tensor> saved, Tensor given) =>
        is_grad_enabled() ? Differentiable(saved, given, inverse)
        : given.dtype == ScalarType.Float32 ? Gradients<float>(saved, given, inverse)
        : Gradients<double>(saved, given, inverse);

    private static Tensor[] Differentiable(List<Tensor> saved, Tensor gradient, bool inverse)
    {
        var scaled = gradient * (inverse ? -saved[1] : saved[1]).exp();
        return inverse
            ? [scaled, -scaled * (saved[0] - saved[2]), -scaled]
            : [scaled, scaled * saved[0], gradient.view_as(gradient)];
    }

    private static Tensor Map<T>(Tensor point, Tensor logScale, Tensor shift, bool inverse)
        where T : unmanaged
    {
        using var memory = new TensorMemory();
        var result = empty(point.shape, point.dtype);
        var (a, b, c, to) = (memory.Rows<T>(point), memory.Rows<T>(logScale), memory.Rows<T>(shift), memory.Of(result));
        if (inverse)
        {
            Pointwise.Run(default(UnscaleOf<T>), a, b, c, to, 0, result.numel());
        }
        else
        {
            Pointwise.Run(default(ScaleShiftOf<T>), a, b, c, to, 0, result.numel());
        }

        return result;
    }

    private static Tensor[] Gradients<T>(List<Tensor> saved, Tensor gradient, bool inverse)
        where T : unmanaged
    {
        using var memory = new TensorMemory();
        var (ofPoint, ofLogScale) = (empty(gradient.shape, gradient.dtype), empty(gradient.shape, gradient.dtype));
        var (a, b, c) = (memory.Rows<T>(gradient), memory.Rows<T>(saved[1]), memory.Rows<T>(saved[inverse ? 3 : 0]));
        var (first, second) = (memory.Of(ofPoint), memory.Of(ofLogScale));
        if (inverse)
        {
            Pointwise.Run(default(UnscaleGradient<T>), a, b, c, first, second, ofPoint.numel());
            return [ofPoint, ofLogScale, -ofPoint];
        }

        Pointwise.Run(default(ScaleShiftGradient<T>), a, b, c, first, second, ofPoint.numel());
        return [ofPoint, ofLogScale, gradient.view_as(gradient)];
    }
}
