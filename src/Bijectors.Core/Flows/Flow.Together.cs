using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>
    /// Draws points for several callers in one pass: the base points of each come from a generator of its own, and all
    /// of them pass through the layers together.
    /// </summary>
    /// <remarks>
    /// The base points of a caller are bit for bit those that <see cref="Distribution.Sample"/> draws from its
    /// generator, whoever else draws. Matrix products of another number of rows add in another order, so that the
    /// points agree up to rounding.
    /// </remarks>
    /// <param name="counts">How many points each caller wants, one number or more.</param>
    /// <param name="generators">What those of each caller are drawn from, as many.</param>
    /// <param name="context">What the flow is conditioned on: <c>(context...)</c> for all points, or <c>(N,
    /// context...)</c>, one each, in the order of the points.</param>
    /// <returns><c>(N, event...)</c> with N the sum of the counts, those of the first caller first.</returns>
    /// <exception cref="ShapeException">The context has another shape.</exception>
    /// <exception cref="ArgumentException">There are no counts, or not as many as generators, or one is negative; or
    /// there is no context where one is needed, or one where none is.</exception>
    public Tensor SampleTogether(
        IReadOnlyList<long> counts, IReadOnlyList<Generator> generators, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(generators);
        if (counts.Count == 0 || counts.Count != generators.Count)
        {
            throw new ArgumentException(
                $"SampleTogether: expected a generator for each count, got {generators.Count} for {counts.Count}.",
                nameof(generators));
        }

        if (counts.FirstOrDefault(count => count < 0) is < 0 and var negative)
        {
            throw new ArgumentException(
                $"SampleTogether: expected counts of at least 0, got {negative}.", nameof(counts));
        }

        CheckDraw(counts.Sum(), context);
        using var scope = NewDisposeScope();
        var read = Embed(context);
        var ofEach = context is not null && context.dim() > ContextShape!.Value.Rank;
        var z = new Tensor[counts.Count];
        var start = 0L;
        for (var i = 0; i < z.Length; i++)
        {
            var own = ofEach ? read!.narrow(0, start, counts[i]) : read;
            z[i] = @base.Draw([counts[i]], OfBase(own), generators[i]);
            start += counts[i];
        }

        return Support.Nearest(Kept(transform.Inverse(cat(z), read))).MoveToOuterDisposeScope();
    }
}
