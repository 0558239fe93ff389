using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A context c that carries what stands for none, n, and a weight w, as one vector <c>(c, n, w)</c> of size
/// <c>2 C + 1</c>: what a network of context size C gives for it is extrapolated from none through c,
/// <c>(1 + w) f(x, c) - w f(x, n)</c>.
/// </summary>
/// <remarks>
/// Every layer takes it, since it is the network that is guided (<see cref="Conditioner.Raw"/>), and layers only pass
/// contexts on. See <see cref="Flow.Guided"/>.
/// </remarks>
public static class GuidedContext
{
    /// <summary>Puts a guided context together.</summary>
    /// <param name="context">Contexts c, <c>(batch..., C)</c>.</param>
    /// <param name="none">What stands for none, n, <c>(C)</c>.</param>
    /// <param name="weight">The weight w; 0 for what c gives.</param>
    /// <returns>A fresh tensor <c>(batch..., 2 C + 1)</c>.</returns>
    /// <exception cref="ShapeException">n has another size than c.</exception>
    public static Tensor Join(Tensor context, Tensor none, double weight)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(none);
        if (context.dim() == 0 || none.dim() != 1 || none.size(0) != context.size(-1))
        {
            throw new ShapeException(
                nameof(GuidedContext), "expected contexts (batch..., C) and (C) for none",
                $"got {Shape.Text(context.shape)} and {Shape.Text(none.shape)}");
        }

        using var wide = none.expand_as(context);
        using var weights = full([.. context.shape[..^1], 1], weight, context.dtype, context.device);
        return cat([context, wide, weights], -1);
    }

    /// <summary>Whether a network of a context size is given a guided context.</summary>
    internal static bool Is(Tensor? context, long size) =>
        size > 0 && context is not null && context.dim() > 0 && context.size(-1) == (2 * size) + 1;

    /// <summary>Takes a guided context apart, into views.</summary>
    internal static (Tensor Context, Tensor None, Tensor Weight) Split(Tensor guided, long size) =>
        (guided.narrow(-1, 0, size), guided.narrow(-1, size, size), guided.narrow(-1, 2 * size, 1));

    /// <summary><c>with + w (with - without)</c>.</summary>
    /// <param name="with">What a network gives with its context, <c>(batch..., event...)</c>.</param>
    /// <param name="without">The same without.</param>
    /// <param name="weight">The weights, <c>(first of the batch..., 1)</c>.</param>
    internal static Tensor Extrapolate(Tensor with, Tensor without, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var own = weight.shape[..^1];
        var lined = weight.reshape([.. own, .. Enumerable.Repeat(1L, (int)(with.dim() - own.Length))]);
        return (with + lined * (with - without)).MoveToOuterDisposeScope();
    }
}
