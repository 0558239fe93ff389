using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A reversible pass as one node of the graph.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ReversibleFunction : autograd.MultiTensorFunction<ReversibleFunction>
{
    private const string Pass = nameof(Pass);

    public override string Name => nameof(ReversibleFunction);

    /// <summary>The point that comes out, and the log-det where there is one.</summary>
    public static List<Tensor> Apply(ReversiblePass pass, Tensor point, Tensor? context)
    {
        using var scope = NewDisposeScope();
        object[] arguments = [pass, point, .. pass.AllTrained];
        var results = apply(context is null ? arguments : [.. arguments, context]);
        results.ForEach(result => result.MoveToOuterDisposeScope());
        return results;
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        var pass = (ReversiblePass)vars[0];
        var point = (Tensor)vars[1];
        var context = pass.HasContext ? (Tensor)vars[^1] : null;
        var kept = new List<Tensor>();
        var (result, logDet) = pass.Run(point, context, i => pass.IsKept[i], kept);

        // Detached: a node that holds its own output would never be freed.
        List<Tensor> saved = [point, result.detach(), .. kept];
        ctx.save_for_backward(context is null ? saved : [.. saved, context]);
        ctx.save_data(Pass, pass);
        Backward.Note(ctx, [.. vars.Skip(1).Cast<Tensor>()]);
        return logDet is null ? [result] : [result, logDet];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var pass = (ReversiblePass)ctx.get_data(Pass);
        var given = Backward.Given([.. grad_outputs]);

        // Nothing for the pass itself.
        return [null!,
            .. Backward.Run(ctx, given, () => [.. Gradients(pass, ctx, given[0], given.ElementAtOrDefault(1))])];
    }

    /// <summary>The gradients of the point, of what is trained, and of the context.</summary>
    private static List<Tensor?> Gradients(
        ReversiblePass pass, autograd.AutogradContext ctx, Tensor? gradient, Tensor? logDetGradient)
    {
        var differentiable = is_grad_enabled();
        var backward = new ReversibleBackward(pass, ctx.get_saved_variables(), gradient, logDetGradient);
        return differentiable ? backward.Differentiable() : backward.Run();
    }
}
