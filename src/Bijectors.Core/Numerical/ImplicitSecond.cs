using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The w with <c>J^T w = v</c> as a function of v and of all that J depends on. For an incoming gradient u, with
/// <c>J q = u</c>, it is q for v, <c>-d(w^T J q)</c> for what J is computed from, and what <c>-d(w^T J q)/dx</c> comes
/// to through x, the solution of <c>r = 0</c>.
/// </summary>
internal sealed class ImplicitSecond : GradientFunction<ImplicitSecond, (int EventRank, int Steps)>
{
    /// <param name="w">The value.</param>
    /// <param name="v">The right-hand side.</param>
    /// <param name="system">J.</param>
    public static Tensor Apply(Tensor w, Tensor v, ImplicitSystem system) => Apply(
        (system.EventRank, system.Steps), v, system.TransposedProduct(w), system.Residual, system.Mapped,
        system.Conditioning, w);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, (int EventRank, int Steps) Call) Map(
        Tensor[] tensors, (int EventRank, int Steps) call) => (tensors[5].clone(), [.. tensors[1..5]], call);

    /// <inheritdoc/>
    protected override Tensor?[] Gradients((int EventRank, int Steps) call, List<Tensor> saved, Tensor u)
    {
        if (is_grad_enabled())
        {
            throw new NotSupportedException(
                "The inverse that is found by iteration has first and second derivatives, not third ones: "
                + "a gradient of its second derivatives was asked for.");
        }

        var product = saved[0];
        var system = new ImplicitSystem(saved[1], saved[2], saved[3], call.EventRank, call.Steps);
        var q = system.Solve(u);
        Tensor? slope = null;
        if (product.requires_grad)
        {
            var byMapped = Kernels.Gradients.Product(product, system.Mapped, q);
            var byConditioning = Kernels.Gradients.Product(product, system.Conditioning, q);
            slope = byMapped is null ? byConditioning : byConditioning is null ? byMapped : byMapped + byConditioning;
        }

        return [q, -q, slope is null ? null : system.SolveTransposed(slope), null, null, null];
    }
}
