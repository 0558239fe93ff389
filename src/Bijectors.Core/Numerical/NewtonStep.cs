using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// <c>-J^-1 r</c> as a function of the residual r of a solution, where it is zero; J is a constant.
/// </summary>
internal sealed class NewtonStep : GradientFunction<NewtonStep, NewtonCall>
{
    /// <param name="residual">r; its value does not count.</param>
    /// <param name="system">J.</param>
    /// <param name="call">What else is to be known of the step.</param>
    public static Tensor Apply(Tensor residual, ImplicitSystem system, NewtonCall call) =>
        Apply(call, residual, system.Residual, system.Mapped, system.Conditioning);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, NewtonCall Call) Map(Tensor[] tensors, NewtonCall call) =>
        (zeros_like(tensors[0]), [.. tensors[1..]], call);

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(NewtonCall call, List<Tensor> saved, Tensor v)
    {
        var isRecorded = is_grad_enabled();
        call.Solution.HasRecordedGradients |= isRecorded;
        if (call.IsFollowed && !call.Solution.HasRecordedGradients)
        {
            return new Tensor?[4];
        }

        var system = new ImplicitSystem(saved[0], saved[1], saved[2], call.EventRank, call.Steps);
        Tensor w;
        using (no_grad())
        {
            w = call.IsFollowed && isRecorded ? zeros_like(v) : system.SolveTransposed(v);
        }

        return [-(isRecorded ? TransposedSolution.Apply(w, v, system) : w), null, null, null];
    }
}
