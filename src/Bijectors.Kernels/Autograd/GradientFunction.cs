using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>A function of tensors that has one result and computes its own gradients, one node of the graph.</summary>
/// <remarks>The binding makes one instance for all calls: there is no state in it.</remarks>
/// <typeparam name="TSelf">The function.</typeparam>
/// <typeparam name="TCall">What a call is given besides tensors; its backward pass is given the same.</typeparam>
internal abstract class GradientFunction<TSelf, TCall> : autograd.SingleTensorFunction<TSelf>
    where TSelf : GradientFunction<TSelf, TCall>, new()
    where TCall : notnull
{
    private const string Call = nameof(Call);

    /// <inheritdoc/>
    public sealed override string Name => typeof(TSelf).Name;

    /// <inheritdoc/>
    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Missing gradients stay missing: the binding would fill them in from a cache that dispose scopes empty.
        ctx.set_materialize_grads(false);
        Tensor[] tensors = [.. vars.SkipLast(1).Cast<Tensor>()];
        var (result, saved, call) = Map(tensors, (TCall)vars[^1]);
        ctx.save_for_backward(saved);
        ctx.save_data(Call, call);
        Backward.Note(ctx, tensors);
        return result;
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var given = Backward.Given(grad_output);
        var call = (TCall)ctx.get_data(Call);

        // None for the call itself.
        return [.. Backward.Run(ctx, given, () => Gradients(call, ctx.get_saved_variables(), given[0]!)), null!];
    }

    /// <summary>The result, as a node of the graph.</summary>
    protected static Tensor Apply(TCall call, params IEnumerable<Tensor> tensors)
    {
        // Temporaries that the binding makes are disposed with the scope.
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(apply([.. tensors, call]));
    }

    /// <summary>The result, the tensors that the backward pass needs, and the call for it.</summary>
    /// <param name="tensors">The tensors that get gradients.</param>
    /// <param name="call">What else was given.</param>
    /// <returns>A result among the saved tensors is detached: a node that saved it would keep itself alive.</returns>
    protected abstract (Tensor Result, List<Tensor> Saved, TCall Call) Map(Tensor[] tensors, TCall call);

    /// <summary>One gradient for each tensor; null where it is not asked for.</summary>
    /// <param name="call">The call that the forward pass gave.</param>
    /// <param name="saved">The tensors that it saved.</param>
    /// <param name="given">The gradient of the result.</param>
    protected abstract Tensor?[] Gradients(TCall call, List<Tensor> saved, Tensor given);
}
