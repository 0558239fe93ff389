using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Convolutions one after another with gradients in closed form, one node of the graph.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
internal sealed class ConvolutionFunction : autograd.SingleTensorFunction<ConvolutionFunction>
{
    private const string Settings = nameof(Settings);

    /// <inheritdoc/>
    public override string Name => nameof(ConvolutionFunction);

    /// <param name="tensors">The images <c>(N, channels, height, width)</c>, then weight and bias of
    /// every layer.</param>
    public static Tensor Apply(IReadOnlyList<Tensor> tensors)
    {
        // Temporaries that the binding makes are disposed with the scope.
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(apply([.. tensors]));
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        Tensor[] tensors = [.. vars.Cast<Tensor>()];
        var (result, kept) = ConvolutionCall.Map(tensors, keep: true);
        ctx.save_for_backward([kept!, .. tensors]);
        ctx.save_data(
            Settings, new ConvolutionCall(tensors[0].requires_grad, tensors.Skip(1).Any(t => t.requires_grad)));
        Backward.Note(ctx, tensors);
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        var call = (ConvolutionCall)ctx.get_data(Settings);
        return Backward.Run(ctx, given, () => Gradients(call, ctx.get_saved_variables(), given[0]!));
    }

    private static Tensor?[] Gradients(ConvolutionCall call, List<Tensor> saved, Tensor given) =>
        is_grad_enabled()
            ? ConvolutionCall.DifferentiableGradients(saved[1..], given)
            : call.Gradients(saved[1..], saved[0], given);
}
