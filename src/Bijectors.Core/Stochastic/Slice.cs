using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Drops a part of a point into a conditional distribution: <c>(a, b) -> a</c>, <c>log w = log p(b | a)</c>; decoding
/// draws b. The log-density is exact.
/// </summary>
/// <remarks>Source: Nielsen et al. 2020, SurVAE flows, arXiv 2007.02731, table 2, tensor slicing.</remarks>
public sealed class Slice : StochasticLayer
{
    private readonly Distribution dropped;
    private readonly Partition _partition;

    /// <summary>A slice.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="partition">What is kept, first, and what is dropped, second.</param>
    /// <param name="dropped">The distribution of what is dropped. It takes no context, or what is kept: in its own
    /// shape, or as a vector, followed by the context where there is one.</param>
    /// <param name="contextShape">The shape <c>(C)</c> of a context that the dropped part depends on besides; null for
    /// none.</param>
    /// <exception cref="ShapeException">The partition or the distribution does not fit the shape.</exception>
    /// <exception cref="DomainException">The distribution is not one of all reals.</exception>
    public Slice(Shape eventShape, Partition partition, Distribution dropped, Shape? contextShape = null)
        : base(eventShape, Split(partition, eventShape).First, contextShape)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        var second = partition.Split(eventShape).Second;
        if (dropped.EventShape != second)
        {
            throw new ShapeException(
                nameof(Slice), $"expected a distribution of points {second}", $"got {dropped.EventShape}");
        }

        if (!dropped.Support.Equals(Domain.Real))
        {
            throw new DomainException(nameof(Slice), $"{dropped}", dropped.Support, Domain.Real);
        }

        GivenPoint.Check(nameof(Slice), dropped, "what is kept", LatentShape, contextShape, isContextRead: true);
        this.dropped = dropped;
        _partition = partition;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override Domain LatentSupport => Domain.Real;

    /// <inheritdoc/>
    public override bool IsExact => dropped.HasExactLogProb;

    /// <inheritdoc/>
    public override bool IsReparameterized => dropped.IsReparameterized;

    /// <inheritdoc/>
    public override StochasticLayer Frozen() => new Slice(EventShape, _partition, dropped.Frozen(), ContextShape);

    /// <summary>The type, the partition and the distribution.</summary>
    public override string ToString() => $"Slice({_partition}, {dropped})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator)
    {
        var (kept, rest) = _partition.Split(x);
        using var given = GivenPoint.Of(dropped, kept, LatentShape, context, ContextShape);
        using (rest)
        {
            return (kept, IsExact
                ? NestedDistribution.LogProb(dropped, rest, given)
                : NestedDistribution.LowerBound(dropped, rest, given, generator));
        }
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator)
    {
        using var given = GivenPoint.Of(dropped, z, LatentShape, context, ContextShape);
        using var rest = NestedDistribution.Draw(dropped, z.shape[..^LatentShape.Rank], given, generator);
        return _partition.Join(z, rest);
    }

    private static (Shape First, Shape Second) Split(Partition partition, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return partition.Split(shape);
    }
}
