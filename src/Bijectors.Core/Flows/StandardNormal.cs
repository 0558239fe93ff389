using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Independent standard normal elements: <c>log p(z) = -sum of z^2 / 2 - D log(2 pi) / 2</c>.</summary>
internal sealed class StandardNormal : Base
{
    // Makes .to(device, dtype) reach the base, and tells where it went; saved, since TorchSharp does not move buffers that are not.
    private readonly Tensor zero;

    public StandardNormal()
        : this(zeros([], ScalarType.Float32).DetachFromDisposeScope())
    {
    }

    private StandardNormal(Tensor zero)
    {
        this.zero = zero;
        RegisterComponents();
    }

    public override Domain Support => Domain.Real;

    public override ScalarType Dtype => zero.dtype;

    public override Device Device => zero.device;

    public override Tensor LogProb(Tensor z, int eventRank)
    {
        var size = z.shape[^eventRank..].Aggregate(1L, (product, s) => product * s);
        using var squares = z.square();
        using var sum = LogDets.Sum(squares, z, eventRank);
        using var half = -0.5 * sum;
        return half - (0.5 * size * Math.Log(2 * Math.PI));
    }

    public override Tensor Sample(ReadOnlySpan<long> batch, Shape @event, Generator? generator = null)
    {
        long[] shape = [.. batch, .. @event.ToArray()];
        MemoryLimit.CheckPoints(shape);
        if (generator is null)
        {
            return randn(shape, Dtype, Device);
        }

        // A generator draws on its own device only; the same seed then gives the same points on every device.
        using var drawn = randn(shape, Dtype, generator.device, generator: generator);
        return drawn.to(Device);
    }

    public override Base Frozen() => new StandardNormal(Initial.Snapshot(zero));

    public override string ToString() => "StandardNormal";
}
