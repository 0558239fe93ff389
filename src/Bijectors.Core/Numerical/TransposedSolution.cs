using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The w with <c>J^T w = v</c> as a function of v; J is a constant.</summary>
internal sealed class TransposedSolution : GradientFunction<TransposedSolution, (int EventRank, int Steps)>
{
    /// <param name="w">The value.</param>
    /// <param name="v">The right-hand side.</param>
    /// <param name="system">J.</param>
    public static Tensor Apply(Tensor w, Tensor v, ImplicitSystem system) =>
        Apply((system.EventRank, system.Steps), v, system.Residual, system.Mapped, system.Conditioning, w);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, (int EventRank, int Steps) Call) Map(
        Tensor[] tensors, (int EventRank, int Steps) call) => (tensors[4].clone(), [.. tensors[1..4]], call);

    /// <inheritdoc/>
    protected override Tensor?[] Gradients((int EventRank, int Steps) call, List<Tensor> saved, Tensor u) =>
        is_grad_enabled()
            ? throw new NotSupportedException(
                "The inverse that is found by iteration has first and second derivatives, not third ones: "
                + "a gradient of its second derivatives was asked for.")
            : [
                new ImplicitSystem(saved[0], saved[1], saved[2], call.EventRank, call.Steps).Solve(u),
                null, null, null, null,
            ];
}
