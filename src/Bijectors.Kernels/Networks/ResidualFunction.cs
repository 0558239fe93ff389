using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>A residual network with gradients in closed form, one node of the graph.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ResidualFunction : autograd.SingleTensorFunction<ResidualFunction>
{
    private const string Settings = nameof(Settings);

    /// <inheritdoc/>
    public override string Name => nameof(ResidualFunction);

    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="call">How they are mapped.</param>
    public static Tensor Apply(IReadOnlyList<Tensor> tensors, ResidualCall call)
    {
        // Temporaries that the binding makes are disposed with the scope.
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(apply([call, .. tensors]));
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        Tensor[] tensors = [.. vars.Skip(1).Cast<Tensor>()];
        var call = (ResidualCall)vars[0] with { OfPoints = tensors[0].requires_grad,
            OfParameters = tensors.Skip(1).Any(t => t.requires_grad) };
        var (result, kept) = call.Map(tensors, keep: true);
        ctx.save_for_backward([kept!, .. tensors]);
        ctx.save_data(Settings, call);
        Backward.Note(ctx, tensors);
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        var call = (ResidualCall)ctx.get_data(Settings);

        // Nothing for the call itself.
        return [null!, .. Backward.Run(ctx, given, () => Gradients(call, ctx.get_saved_variables(), given[0]!))];
    }

    private static Tensor?[] Gradients(ResidualCall call, List<Tensor> saved, Tensor given) =>
        is_grad_enabled()
            ? call.DifferentiableGradients(saved[1..], given)
            : call.Gradients(saved[1..], saved[0], given);
}
