using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Spline values, and log-slopes where they are asked for, with gradients in closed form.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class SplineFunction : autograd.MultiTensorFunction<SplineFunction>
{
    private const string Settings = nameof(Settings);

    /// <inheritdoc/>
    public override string Name => nameof(SplineFunction);

    /// <param name="tensors">Points, raw widths, raw heights, raw slopes.</param>
    /// <param name="call">How they are mapped.</param>
    public static List<Tensor> Apply(IReadOnlyList<Tensor> tensors, SplineCall call)
    {
        // Temporaries that the binding makes are disposed with the scope.
        using var scope = NewDisposeScope();
        var results = apply(tensors[0], tensors[1], tensors[2], tensors[3], call);
        results.ForEach(r => scope.MoveToOuter(r));
        return results;
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        Tensor[] tensors = [.. vars.Take(4).Cast<Tensor>()];
        var call = (SplineCall)vars[4];
        var results = call.Map(tensors);

        // Detached: a node that saved its own result would keep itself alive.
        ctx.save_for_backward(call.Inverse ? [.. tensors, results[0].detach()] : [.. tensors]);
        ctx.save_data(Settings, call with { OfParameters = tensors[1..].Any(t => t.requires_grad) });
        Backward.Note(ctx, tensors);
        return results;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var given = Backward.Given([.. grad_outputs]);
        return [.. Backward.Run(ctx, given, () => Gradients(ctx, given)), null!];
    }

    private static Tensor?[] Gradients(autograd.AutogradContext ctx, Tensor?[] given)
    {
        var call = (SplineCall)ctx.get_data(Settings);
        var saved = ctx.get_saved_variables();
        return is_grad_enabled() ? call.DifferentiableGradients(saved, given) : call.Gradients(saved, given);
    }
}
