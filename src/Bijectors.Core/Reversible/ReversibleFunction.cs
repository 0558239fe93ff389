using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A reversible pass as one node of the graph.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ReversibleFunction : autograd.MultiTensorFunction<ReversibleFunction>
{
    private const string Pass = nameof(Pass);

    // The pass and the point stand before what is trained.
    private const int FirstTrained = 2;

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
        return logDet is null ? [result] : [result, logDet];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var pass = (ReversiblePass)ctx.get_data(Pass);
        var gradients = grad_outputs.Select(gradient => gradient is null || gradient.IsInvalid ? null : gradient).ToList();
        var none = new List<Tensor>(new Tensor[FirstTrained + pass.AllTrained.Count + (pass.HasContext ? 1 : 0)]);
        if (gradients.All(gradient => gradient is null))
        {
            return none;
        }

        using var scope = NewDisposeScope();
        var found = Gradients(pass, ctx, gradients[0], gradients.ElementAtOrDefault(1));
        gradients.ForEach(gradient => gradient?.Dispose());
        foreach (var gradient in found)
        {
            gradient?.MoveToOuterDisposeScope();
        }

        // Nothing for the pass itself.
        return [.. found.Prepend(null).Select(gradient => gradient!)];
    }

    /// <summary>The gradients of the point, of what is trained, and of the context.</summary>
    private static List<Tensor?> Gradients(ReversiblePass pass, autograd.AutogradContext ctx, Tensor? gradient, Tensor? logDetGradient)
    {
        var differentiable = is_grad_enabled();
        List<Tensor> saved = [];
        try
        {
            saved = ctx.get_saved_variables();
            var backward = new ReversibleBackward(pass, saved, gradient, logDetGradient);
            return differentiable ? backward.Differentiable() : backward.Run();
        }
        catch (Exception)
        {
            // An exception must not reach the native frames below; NaN gradients are seen, and training refuses them.
            using var leaving = no_grad();
            IEnumerable<Tensor?> arguments = saved.Count > 0
                ? [saved[0], .. pass.AllTrained, .. pass.HasContext ? new[] { saved[^1] } : []]
                : [null, .. pass.AllTrained, .. pass.HasContext ? new Tensor?[] { null } : []];
            return [.. arguments.Select(tensor => tensor?.requires_grad == true ? full_like(tensor, double.NaN) : null)];
        }
    }
}
