namespace Bijectors.Testing;

/// <summary>Samples of the base to data and back to the base, a batch at a time.</summary>
internal static class SampleRun
{
    /// <summary>
    /// How far they are off when they come back, relative to <c>1 + |z|</c>; infinite where they are not
    /// finite on their way.
    /// </summary>
    public static IReadOnlyList<double> Of(Flow flow, Tensor? context, int count, int seed, int batchSize)
    {
        var errors = new List<double>();
        using var generator = new Generator((ulong)seed + 1);
        for (var start = 0; start < count; start += batchSize)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(batchSize, count - start);
            var ofBatch = context is null
                ? null : Contexts(flow, context, start, size).to(flow.Dtype, flow.Device);
            var z = flow.Base.Sample(size, flow.Base.ContextShape is null ? null : flow.Embed(ofBatch), generator);
            errors.AddRange(PointErrors.Worst(z, flow.Encode(flow.Decode(z, ofBatch), ofBatch).Z));
        }

        return errors;
    }

    /// <summary>The contexts of the data, one after another and from the first again.</summary>
    private static Tensor Contexts(Flow flow, Tensor context, int start, int size) =>
        context.dim() == flow.ContextShape!.Value.Rank
        ? context.expand([size, .. context.shape])
        : PointErrors.Select(context, Enumerable.Range(start, size).Select(i => i % context.shape[0]));
}
