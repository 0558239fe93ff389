using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>A residual network with gradients in closed form, one node of the graph.</summary>
internal sealed class ResidualFunction : GradientFunction<ResidualFunction, ResidualCall>
{
    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="call">How they are mapped.</param>
    public static Tensor Apply(IReadOnlyList<Tensor> tensors, ResidualCall call) => Apply(call, tensors);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, ResidualCall Call) Map(Tensor[] tensors, ResidualCall call)
    {
        var (result, kept) = call.Map(tensors, keep: true);
        return (result, [kept!, .. tensors], call with
        {
            OfPoints = tensors[0].requires_grad, OfParameters = tensors.Skip(1).Any(t => t.requires_grad),
        });
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(ResidualCall call, List<Tensor> saved, Tensor given) =>
        is_grad_enabled()
            ? call.DifferentiableGradients(saved[1..], given)
            : call.Gradients(saved[1..], saved[0], given);
}
