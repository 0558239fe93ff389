using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Asks a distribution from inside another one, as <see cref="Nested"/> runs a bijector: the outermost call has checked
/// shapes, context and support.
/// </summary>
public static class NestedDistribution
{
    /// <summary>The log-density at points of the support.</summary>
    /// <param name="p">The distribution.</param>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">Contexts; their leading dimensions are the first of the batch, or 1.</param>
    /// <returns>A fresh tensor <c>(batch...)</c>, in nats.</returns>
    public static Tensor LogProb(Distribution p, Tensor x, Tensor? context) => Checked(p).LogProbCore(x, context);

    /// <summary>One importance weight <c>log w</c> with <c>E w = p(x | c)</c>.</summary>
    /// <param name="p">The distribution.</param>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">As in <see cref="LogProb"/>.</param>
    /// <param name="generator">What the noise is drawn from; null for torch's global generator.</param>
    /// <returns>A fresh tensor <c>(batch...)</c>, in nats.</returns>
    public static Tensor LowerBound(Distribution p, Tensor x, Tensor? context, Generator? generator) =>
        Checked(p).LowerBoundCore(x, context, generator);

    /// <summary>Draws points that lie in the support.</summary>
    /// <param name="p">The distribution.</param>
    /// <param name="batch">The batch dimensions.</param>
    /// <param name="context">As in <see cref="LogProb"/>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns>A fresh tensor <c>(batch..., event...)</c>.</returns>
    public static Tensor Draw(Distribution p, long[] batch, Tensor? context, Generator? generator) =>
        Checked(p).Draw(batch, context, generator);

    /// <summary>Draws points that lie in the support, and gives the log-density at each.</summary>
    /// <inheritdoc cref="Draw"/>
    /// <returns>X <c>(batch..., event...)</c> and LogProb <c>(batch...)</c> in nats, both fresh.</returns>
    public static (Tensor X, Tensor LogProb) DrawWithLogProb(
        Distribution p, long[] batch, Tensor? context, Generator? generator) =>
        Checked(p).DrawWithLogProb(batch, context, generator);

    private static Distribution Checked(Distribution p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return p;
    }
}
