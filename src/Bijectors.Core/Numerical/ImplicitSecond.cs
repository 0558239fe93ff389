using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The w with <c>J^T w = v</c> as a function of v and of all that J depends on. For an incoming gradient u, with
/// <c>J q = u</c>, it is q for v, <c>-d(w^T J q)</c> for what J is computed from, and what <c>-d(w^T J q)/dx</c> comes
/// to through x, the solution of <c>r = 0</c>.
/// </summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ImplicitSecond : autograd.SingleTensorFunction<ImplicitSecond>
{
    private const string EventRank = nameof(EventRank);
    private const string Steps = nameof(Steps);

    public override string Name => nameof(ImplicitSecond);

    /// <param name="w">The value.</param>
    /// <param name="v">The right-hand side.</param>
    /// <param name="system">J.</param>
    public static Tensor Apply(Tensor w, Tensor v, ImplicitSystem system) => apply(
        v, system.TransposedProduct(w), system.Residual, system.Mapped, system.Conditioning, w,
        system.EventRank, system.Steps);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        List<Tensor> inputs = [.. vars.Take(6).Cast<Tensor>()];
        ctx.save_for_backward(inputs[1..5]);
        ctx.save_data(EventRank, vars[6]);
        ctx.save_data(Steps, vars[7]);
        Backward.Note(ctx, inputs);
        return inputs[5].clone();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        return [.. Backward.Run(ctx, given, () => Gradient(ctx, given[0]!)), null!, null!];
    }

    private static Tensor?[] Gradient(autograd.AutogradContext ctx, Tensor u)
    {
        if (is_grad_enabled())
        {
            throw new NotSupportedException(
                "The inverse that is found by iteration has first and second derivatives, not third ones: "
                + "a gradient of its second derivatives was asked for.");
        }

        var saved = ctx.get_saved_variables();
        var product = saved[0];
        var system =
            new ImplicitSystem(saved[1], saved[2], saved[3], (int)ctx.get_data(EventRank), (int)ctx.get_data(Steps));
        var q = system.Solve(u);
        Tensor? slope = null;
        if (product.requires_grad)
        {
            var byMapped = Gradients.Product(product, system.Mapped, q);
            var byConditioning = Gradients.Product(product, system.Conditioning, q);
            slope = byMapped is null ? byConditioning : byConditioning is null ? byMapped : byMapped + byConditioning;
        }

        return [q, -q, slope is null ? null : system.SolveTransposed(slope), null, null, null];
    }
}
