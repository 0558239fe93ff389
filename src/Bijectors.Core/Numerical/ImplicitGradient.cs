using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Zero as a function of the residual <c>r = f(x) - y</c>, with the derivative <c>-J^-1</c> that makes
/// <c>x + zero</c> the inverse.
/// </summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ImplicitGradient : autograd.SingleTensorFunction<ImplicitGradient>
{
    private const string EventRank = nameof(EventRank);
    private const string Steps = nameof(Steps);

    public override string Name => nameof(ImplicitGradient);

    /// <param name="residual">r, a function of the two leaves.</param>
    /// <param name="mapped">x, by which J is diagonal.</param>
    /// <param name="conditioning">x again, by which J is the rest.</param>
    /// <param name="eventRank">How many last dimensions are one event.</param>
    /// <param name="steps">The most steps of the iteration.</param>
    public static Tensor Apply(Tensor residual, Tensor mapped, Tensor conditioning, int eventRank, int steps) =>
        apply(residual, mapped, conditioning, eventRank, steps);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        var residual = (Tensor)vars[0];
        ctx.save_for_backward([residual, (Tensor)vars[1], (Tensor)vars[2]]);
        ctx.save_data(EventRank, vars[3]);
        ctx.save_data(Steps, vars[4]);
        Backward.Note(ctx, [residual, (Tensor)vars[1], (Tensor)vars[2]]);
        return zeros_like(residual);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        return [.. Backward.Run(ctx, given, () => [Gradient(ctx, given[0]!), null, null]), null!, null!];
    }

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor v)
    {
        var saved = ctx.get_saved_variables();
        var system =
            new ImplicitSystem(saved[0], saved[1], saved[2], (int)ctx.get_data(EventRank), (int)ctx.get_data(Steps));
        Tensor w;
        using (no_grad())
        {
            w = system.SolveTransposed(v);
        }

        return -(is_grad_enabled() ? ImplicitSecond.Apply(w, v, system) : w);
    }
}
