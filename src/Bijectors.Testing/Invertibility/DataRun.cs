namespace Bijectors.Testing;

/// <summary>
/// All the data once through the flow and through each of its layers, a batch at a time, in the dtype of the flow.
/// </summary>
internal sealed class DataRun : IDisposable
{
    private readonly Flow _flow;
    private readonly List<double> _errors = [];

    public DataRun(Flow flow, IReadOnlyList<FlowLayer> layers, Tensor data, Tensor? context, int seed, int batchSize)
    {
        (_flow, Count) = (flow, data.shape[0]);
        Layers = [.. layers.Select(layer => new LayerTally(layer))];
        Inspected = new(Count);
        using var generator = new Generator((ulong)seed, data.device);
        for (var start = 0L; start < Count; start += batchSize)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(batchSize, Count - start);
            var points = flow.Dequantize(data.narrow(0, start, size), generator).to(flow.Dtype, flow.Device);
            var inside = PointErrors.All(flow.Transform.Domain.Contains(points));
            var rows = Enumerable.Range(0, (int)size).Where(i => inside[i]).Select(i => (long)i).ToList();
            OutsideSupport += size - rows.Count;
            if (rows.Count > 0)
            {
                var ofRows = context is null ? null
                    : context.dim() == flow.ContextShape!.Value.Rank ? context.expand([rows.Count, .. context.shape])
                    : PointErrors.Select(context.narrow(0, start, size), rows);
                Add(PointErrors.Select(points, rows), ofRows?.to(flow.Dtype, flow.Device),
                    [.. rows.Select(row => start + row)]);
            }
        }
    }

    public long Count { get; }

    public long OutsideSupport { get; private set; }

    public long NotFinite { get; private set; }

    public long Saturated { get; private set; }

    public IReadOnlyList<LayerTally> Layers { get; }

    public InspectedPoints Inspected { get; }

    public Errors RoundTrip => Errors.Of(_errors);

    public void Dispose() => Inspected.Dispose();

    private void Add(Tensor x, Tensor? context, IReadOnlyList<long> places)
    {
        var (z, logDet) = _flow.Encode(x, context);
        var back = _flow.Decode(z, context);
        var errors = PointErrors.Worst(x, back);
        _errors.AddRange(errors);
        var (comesOut, comesBack, hasLogDet) =
            (PointErrors.Finite(z), PointErrors.Finite(back), PointErrors.Finite(logDet));
        NotFinite +=
            places.Count - Enumerable.Range(0, places.Count).Count(i => comesOut[i] && comesBack[i] && hasLogDet[i]);
        Inspected.Add(x, context, errors, comesOut, places);

        var alive = Enumerable.Repeat(true, places.Count).ToArray();
        var saturated = new bool[places.Count];
        var point = x;
        using var read = _flow.Embed(context);
        foreach (var layer in Layers)
        {
            var next = layer.Add(point, read, alive, saturated);
            if (!ReferenceEquals(point, x))
            {
                point.Dispose();
            }

            point = next;
        }

        Saturated += saturated.Count(one => one);
    }
}
