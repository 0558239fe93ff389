using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// <c>y = x exp(s) + t</c>, or its inverse <c>x = (y - t) exp(-s)</c>, with gradients in closed form.
/// </summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ScaleShiftFunction : autograd.SingleTensorFunction<ScaleShiftFunction>
{
    private const string Inverse = nameof(Inverse);

    /// <inheritdoc/>
    public override string Name => nameof(ScaleShiftFunction);

    /// <param name="point">x, or y for the inverse.</param>
    /// <param name="logScale">s, of the same shape.</param>
    /// <param name="shift">t, of the same shape.</param>
    /// <param name="inverse">Whether y is mapped to x.</param>
    public static Tensor Apply(Tensor point, Tensor logScale, Tensor shift, bool inverse)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(apply(point, logScale, shift, inverse));
    }

    /// <summary>The value alone; no graph leads through it.</summary>
    public static Tensor Map(Tensor point, Tensor logScale, Tensor shift, bool inverse) =>
        point.dtype == ScalarType.Float32
            ? Map<float>(point, logScale, shift, inverse)
            : Map<double>(point, logScale, shift, inverse);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        var (point, logScale, shift, inverse) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (bool)vars[3]);
        var result = Map(point, logScale, shift, inverse);
        ctx.save_data(Inverse, inverse);
        Backward.Note(ctx, [point, logScale, shift]);

        // Detached: a node that saved its own result would keep itself alive.
        ctx.save_for_backward(inverse ? [point, logScale, shift, result.detach()] : [point, logScale, shift]);
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        return [.. Backward.Run(ctx, given, () => Gradients(ctx, given[0]!)), null!];
    }

    private static Tensor[] Gradients(autograd.AutogradContext ctx, Tensor gradient)
    {
        var inverse = (bool)ctx.get_data(Inverse);
        var saved = ctx.get_saved_variables();
        if (is_grad_enabled())
        {
            return Differentiable(saved, gradient, inverse);
        }

        return gradient.dtype == ScalarType.Float32
            ? Gradients<float>(saved, gradient, inverse)
            : Gradients<double>(saved, gradient, inverse);
    }

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
