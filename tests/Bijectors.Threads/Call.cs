using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Threads;

/// <summary>One thing that a service is asked: to score some points, and to draw some.</summary>
/// <param name="x">The points, <c>(N, event...)</c>.</param>
/// <param name="context">Their contexts, <c>(N, context...)</c>; null for none.</param>
/// <param name="seed">The seed of the samples, and of noise where a score takes some.</param>
internal sealed class Call(Tensor x, Tensor? context, ulong seed) : IDisposable
{
    /// <summary>The answer of a flow, bit for bit.</summary>
    public byte[] Answer(Flow flow)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        return [.. Bits(Score(flow, generator)), .. Bits(flow.Sample(x.size(0), context, generator))];
    }

    public void Dispose()
    {
        x.Dispose();
        context?.Dispose();
    }

    // An estimate advances a generator that all callers share, so that only the points are the same at every call.
    private Tensor Score(Flow flow, Generator generator) => flow switch
    {
        { HasEstimatedLogProb: true } => flow.Encode(x, context).Z,
        { HasExactLogProb: true } => flow.LogProb(x, context),
        _ => flow.LowerBound(x, context, samples: 2, generator),
    };

    private static byte[] Bits(Tensor numbers)
    {
        using var packed = numbers.contiguous();
        var bits = packed.bytes.ToArray();
        GC.KeepAlive(packed);
        return bits;
    }
}
