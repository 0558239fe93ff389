using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Data-dependent initialisation: inside this scope each bijector that a point passes through in the forward direction
/// may set its parameters from it. Outside, forward never changes anything.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1.</remarks>
public static class DataInitialization
{
    /// <summary>
    /// The fewest items that a batch must have to say anything: with fewer, the deviation of a feature may be near zero
    /// by chance, which its inverse would make enormous.
    /// </summary>
    public const int FewestItems = 16;

    [ThreadStatic]
    private static bool s_active;

    /// <summary>
    /// Passes a batch through <paramref name="f"/> and lets every layer that it passes initialise itself from it.
    /// </summary>
    /// <remarks>
    /// Once in the life of a layer: one that has been initialised, trained or loaded is left as it is, and so are
    /// parameters that take no gradients. A batch of fewer than <see cref="FewestItems"/> items changes nothing.
    /// </remarks>
    /// <param name="f">The bijector to initialise.</param>
    /// <param name="x">A batch of data, <c>(batch..., event...)</c>; a few hundred items are enough.</param>
    /// <param name="context">The batch's context, where the bijector is conditional.</param>
    /// <exception cref="ArgumentException">The batch is empty.</exception>
    public static void Run(Bijector f, Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        Run(f, x, context, f.EventRank);
    }

    /// <summary>The same for a bijector inside a flow, whose events may have more dimensions than its own.</summary>
    internal static void Run(Bijector f, Tensor x, Tensor? context, int eventRank) =>
        Through(f, x, context, eventRank).Dispose();

    /// <summary>The same, with the batch as it comes out.</summary>
    internal static Tensor Through(Bijector f, Tensor x, Tensor? context, int eventRank)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.numel() == 0)
        {
            throw new ArgumentException("DataInitialization: expected a batch of at least one item, "
                + $"got points of shape ({string.Join(", ", x.shape)}).", nameof(x));
        }

        var outer = s_active;
        s_active = x.shape.SkipLast(eventRank).Aggregate(1L, (count, size) => count * size) >= FewestItems;
        try
        {
            using var grad = no_grad();
            return f.Forward(x, context);
        }
        finally
        {
            s_active = outer;
        }
    }

    /// <summary>Lets an embedding initialise itself from a batch of contexts that is large enough.</summary>
    internal static void Run(Conditioner embedding, Tensor context)
    {
        if (context.numel() / Math.Max(1, embedding.EventRank == 0
            ? 1 : context.shape[^embedding.EventRank..].Aggregate(1L, (n, size) => n * size)) >= FewestItems)
        {
            using var grad = no_grad();
            embedding.InitializeFrom(context);
        }
    }

    internal static void Visit(Bijector f, Tensor x)
    {
        if (s_active)
        {
            f.InitializeFrom(x);
        }
    }
}
