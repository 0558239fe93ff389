using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Convolutions one after another with gradients in closed form, one node of the graph.</summary>
internal sealed class ConvolutionFunction : GradientFunction<ConvolutionFunction, ConvolutionCall>
{
    /// <param name="tensors">The images <c>(N, channels, height, width)</c>, then weight and bias of
    /// every layer.</param>
    public static Tensor Apply(IReadOnlyList<Tensor> tensors) => Apply(new ConvolutionCall(), tensors);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, ConvolutionCall Call) Map(
        Tensor[] tensors, ConvolutionCall call)
    {
        var (result, kept) = ConvolutionCall.Map(tensors, keep: true);
        return (result, [kept!, .. tensors],
            new(tensors[0].requires_grad, tensors.Skip(1).Any(t => t.requires_grad)));
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(ConvolutionCall call, List<Tensor> saved, Tensor given) =>
        is_grad_enabled()
            ? ConvolutionCall.DifferentiableGradients(saved[1..], given)
            : call.Gradients(saved[1..], saved[0], given);
}
