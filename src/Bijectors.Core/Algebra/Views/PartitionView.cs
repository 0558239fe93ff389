using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The two parts of a partition.</summary>
internal sealed class PartitionView : View
{
    private readonly Partition _partition;

    public PartitionView(Partition partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        _partition = partition;
    }

    public override IReadOnlyList<Shape> Apart(Shape whole)
    {
        var (first, second) = _partition.Split(whole);
        return [first, second];
    }

    public override Shape Together(Shape whole, IReadOnlyList<Shape> parts) => _partition.Join(parts[0], parts[1]);

    public override IReadOnlyList<Tensor> Apart(Tensor whole)
    {
        var (first, second) = _partition.Split(whole);
        return [first, second];
    }

    public override Tensor Together(IReadOnlyList<Tensor> parts) => _partition.Join(parts[0], parts[1]);

    public override IReadOnlyList<Domain>? Apart(Domain whole) => whole switch
    {
        Interval => [whole, whole],
        PartsDomain parts when parts.Partition.ToString() == _partition.ToString() => [parts.First, parts.Second],
        _ => null,
    };

    public override Domain Together(IReadOnlyList<Domain> parts) => PartsDomain.Of(parts[0], parts[1], _partition);

    public override string ToString() => $"On({_partition})";
}
