using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>Samples of the base to data and back to the base, a batch at a time.</summary>
internal static class SampleRun
{
    /// <summary>How far they are off when they come back, relative to <c>1 + |z|</c>; infinite where they are not finite on their way.</summary>
    public static IReadOnlyList<double> Of(Flow flow, Tensor? context, int count, int seed, int batchSize)
    {
        var errors = new List<double>();
        using var generator = new Generator((ulong)seed + 1);
        for (var start = 0; start < count; start += batchSize)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(batchSize, count - start);
            var z = flow.Base.Sample([size], flow.BaseShape, generator);
            var ofBatch = context is null ? null : Contexts(context, start, size).to(flow.Base.Dtype, flow.Base.Device);
            errors.AddRange(PointErrors.Worst(z, flow.Transform.Forward(flow.Decode(z, ofBatch), ofBatch)));
        }

        return errors;
    }

    /// <summary>The contexts of the data, one after another and from the first again.</summary>
    private static Tensor Contexts(Tensor context, int start, int size) => context.dim() == 1
        ? context.expand(size, -1)
        : PointErrors.Select(context, Enumerable.Range(start, size).Select(i => i % context.shape[0]));
}
