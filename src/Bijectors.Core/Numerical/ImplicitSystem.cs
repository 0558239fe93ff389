using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Linear systems with the Jacobian <c>J = D + N</c> of a residual <c>r(mapped, conditioning)</c>: D diagonal, by the
/// first argument, N the rest, by the second. Solved by iteration: exact in one step where N = 0 and in as many as
/// there are entries where N is strictly triangular, and a contraction where N is one and D = 1.
/// </summary>
/// <param name="Residual">r, with its graph.</param>
/// <param name="Mapped">A leaf of the value of x.</param>
/// <param name="Conditioning">Another.</param>
/// <param name="EventRank">How many last dimensions are one event.</param>
/// <param name="Steps">The most steps of the iteration.</param>
internal sealed record ImplicitSystem(Tensor Residual, Tensor Mapped, Tensor Conditioning, int EventRank, int Steps)
{
    /// <summary>The w with <c>J^T w = v</c>, without gradients; NaN where the iteration does not converge.</summary>
    public Tensor SolveTransposed(Tensor v) => Solve(v, w => Gradients.Product(Residual, Conditioning, w));

    /// <summary>The q with <c>J q = u</c>, without gradients; NaN where the iteration does not converge.</summary>
    public Tensor Solve(Tensor u)
    {
        // N q is the derivative of q^T N^T t by t: N^T t is what one backward pass gives, and linear in t.
        var t = Gradients.Leaf(zeros_like(u));
        Tensor transposed;
        using (enable_grad())
        {
            transposed = Gradients.DifferentiableProduct(Residual, Conditioning, t);
        }

        return Solve(u, q => transposed.requires_grad ? Gradients.Product(transposed, t, q) : null);
    }

    private Tensor Solve(Tensor v, Func<Tensor, Tensor?> rest)
    {
        var slope = Gradients.Product(Residual, Mapped, ones_like(Residual)) ?? zeros_like(v);
        var before = v / slope;
        for (var step = 1; ; step++)
        {
            using var scope = NewDisposeScope();
            if (rest(before) is not { } product)
            {
                return before;
            }

            var w = (v - product) / slope;
            var last = step >= Steps;
            if (last || Convergence.Reached(w, before, EventRank, tolerance: 2))
            {
                // Rounding may keep the last few digits from settling.
                var converged = !last || Convergence.Reached(w, before, EventRank, Convergence.Rounding);
                return (converged ? w : full_like(w, double.NaN)).MoveToOuterDisposeScope();
            }

            before.Dispose();
            before = w.MoveToOuterDisposeScope();
        }
    }
}
