using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Zero as a function of the residual <c>r = f(x) - y</c>, with the derivative <c>-J^-1</c> that makes
/// <c>x + zero</c> the inverse.
/// </summary>
internal sealed class ImplicitGradient : GradientFunction<ImplicitGradient, (int EventRank, int Steps)>
{
    /// <param name="residual">r, a function of the two leaves.</param>
    /// <param name="mapped">x, by which J is diagonal.</param>
    /// <param name="conditioning">x again, by which J is the rest.</param>
    /// <param name="eventRank">How many last dimensions are one event.</param>
    /// <param name="steps">The most steps of the iteration.</param>
    public static Tensor Apply(Tensor residual, Tensor mapped, Tensor conditioning, int eventRank, int steps) =>
        Apply((eventRank, steps), residual, mapped, conditioning);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, (int EventRank, int Steps) Call) Map(
        Tensor[] tensors, (int EventRank, int Steps) call) => (zeros_like(tensors[0]), [.. tensors], call);

    /// <inheritdoc/>
    protected override Tensor?[] Gradients((int EventRank, int Steps) call, List<Tensor> saved, Tensor v)
    {
        var system = new ImplicitSystem(saved[0], saved[1], saved[2], call.EventRank, call.Steps);
        Tensor w;
        using (no_grad())
        {
            w = system.SolveTransposed(v);
        }

        return [-(is_grad_enabled() ? ImplicitSecond.Apply(w, v, system) : w), null, null];
    }
}
