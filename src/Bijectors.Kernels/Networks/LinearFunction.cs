using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>A linear layer with gradients in closed form, one node of the graph.</summary>
internal sealed class LinearFunction : GradientFunction<LinearFunction, (bool OfPoints, bool OfParameters)>
{
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <param name="weight"><c>(outputs, inputs)</c></param>
    /// <param name="bias"><c>(outputs)</c></param>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor bias) => Apply(default, x, weight, bias);

    /// <summary>The value alone; no graph leads through it.</summary>
    public static Tensor Map(Tensor x, Tensor weight, Tensor bias) =>
        x.dtype == ScalarType.Float32 ? Map<float>(x, weight, bias) : Map<double>(x, weight, bias);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, (bool OfPoints, bool OfParameters) Call) Map(
        Tensor[] tensors, (bool OfPoints, bool OfParameters) call) => (
            Map(tensors[0], tensors[1], tensors[2]), [.. tensors],
            (tensors[0].requires_grad, tensors[1].requires_grad || tensors[2].requires_grad));

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(
        (bool OfPoints, bool OfParameters) call, List<Tensor> saved, Tensor given) =>
        is_grad_enabled() ? Differentiable(saved, given)
        : given.dtype == ScalarType.Float32 ? Gradients<float>(call, saved, given)
        : Gradients<double>(call, saved, given);

    private static Tensor Map<T>(Tensor x, Tensor weight, Tensor bias)
        where T : unmanaged
    {
        using var kernel = new LinearKernel<T>(x, weight, bias);
        var result = empty([.. x.shape[..^1], weight.size(0)], x.dtype);
        kernel.Map(result);
        return result;
    }

    private static Tensor[] Differentiable(List<Tensor> saved, Tensor given)
    {
        var (rows, points) = (given.reshape(-1, given.size(-1)), saved[0].reshape(-1, saved[0].size(-1)));
        return [given.matmul(saved[1]), rows.transpose(0, 1).mm(points), rows.sum([0L])];
    }

    private static Tensor?[] Gradients<T>(
        (bool OfPoints, bool OfParameters) call, List<Tensor> saved, Tensor given)
        where T : unmanaged
    {
        using var kernel = new LinearKernel<T>(saved[0], saved[1], saved[2]);
        Tensor? ofPoints = null, ofWeight = null, ofBias = null;
        if (call.OfPoints)
        {
            ofPoints = zeros(saved[0].shape, given.dtype);
            kernel.OfPoints(given, ofPoints);
        }

        if (call.OfParameters)
        {
            (ofWeight, ofBias) = (zeros(saved[1].shape, given.dtype), zeros(saved[2].shape, given.dtype));
            kernel.OfParameters(given, ofWeight, ofBias);
        }

        return [ofPoints, ofWeight, ofBias];
    }
}
