using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// How the raw number of a network becomes the logarithm of a positive scale. The bounded ones keep a flow from blowing
/// up while it trains.
/// </summary>
public abstract class ScaleMap
{
    /// <summary>
    /// A scale map of one's own: a smooth elementwise function of all real numbers. It computes by
    /// <see cref="LogScale"/> alone; where one of ours has vectorized code besides, its layers take the way by tensors.
    /// </summary>
    protected ScaleMap()
    {
    }

    /// <summary><c>log scale = s</c>; unbounded, as in MAF and NICE.</summary>
    public static ScaleMap Exponential { get; } = new ExponentialMap();

    /// <summary><c>log scale = limit tanh(s / limit)</c>: between exp(-limit) and exp(limit), slope 1 at 0, as in
    /// RealNVP.</summary>
    /// <exception cref="ArgumentException">The limit is not positive.</exception>
    public static ScaleMap Bounded(double limit = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return new BoundedMap(limit);
    }

    /// <summary><c>scale = 2 sigmoid(s)</c>: between 0 and 2, 1 at 0, as in Jet.</summary>
    public static ScaleMap TwiceSigmoid { get; } = new TwiceSigmoidMap();

    /// <summary>
    /// <c>scale = sigmoid(s + offset) + floor</c>: at most 1 + floor, as in Glow (offset 2, floor 0).
    /// </summary>
    /// <exception cref="ArgumentException">The floor is negative.</exception>
    public static ScaleMap Sigmoid(double offset = 2, double floor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(floor);
        return new SigmoidMap(offset, floor);
    }

    /// <summary><c>scale = softplus(s) + floor</c>, as in nflows (floor 0.001).</summary>
    /// <exception cref="ArgumentException">The floor is not positive.</exception>
    public static ScaleMap Softplus(double floor = 1e-3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(floor);
        return new SoftplusMap(floor);
    }

    /// <summary>The logarithm of the scale, elementwise.</summary>
    /// <param name="raw">What the network gave, any shape.</param>
    /// <returns>A fresh tensor of that shape: <c>log scale</c>, so that the log-det of <c>x exp(log scale)</c> is its
    /// sum, in nats.</returns>
    [Elementwise]
    public abstract Tensor LogScale(Tensor raw);

    /// <summary>The same of numbers in plain memory, which differ by rounding only; null where there is only
    /// <see cref="LogScale"/>.</summary>
    internal virtual ILogScale? Vectors => null;

    private sealed class ExponentialMap : ScaleMap
    {
        public override Tensor LogScale(Tensor raw) => raw.alias();

        internal override ILogScale Vectors { get; } = new RawLogScale();

        public override string ToString() => "exp";
    }

    private sealed class BoundedMap(double limit) : ScaleMap
    {
        private readonly double _limit = limit;

        public override Tensor LogScale(Tensor raw)
        {
            if (FusedAffine.Bounded(raw, _limit) is { } fused)
            {
                return fused;
            }

            using var scaled = raw / _limit;
            using var bounded = scaled.tanh();
            return bounded * _limit;
        }

        internal override ILogScale Vectors { get; } = new BoundedLogScale(limit);

        public override string ToString() => FormattableString.Invariant($"bounded({_limit})");
    }

    private sealed class TwiceSigmoidMap : ScaleMap
    {
        public override Tensor LogScale(Tensor raw)
        {
            using var log = nn.functional.logsigmoid(raw);
            return log + Math.Log(2);
        }

        public override string ToString() => "2 sigmoid";
    }

    private sealed class SigmoidMap(double offset, double floor) : ScaleMap
    {
        private readonly double _offset = offset;
        private readonly double _floor = floor;

        public override Tensor LogScale(Tensor raw)
        {
            using var shifted = raw + _offset;
            if (_floor == 0)
            {
                return nn.functional.logsigmoid(shifted);
            }

            using var gate = shifted.sigmoid();
            using var scale = gate + _floor;
            return scale.log();
        }

        internal override ILogScale Vectors { get; } = new SigmoidLogScale(offset, floor);

        public override string ToString() => FormattableString.Invariant($"sigmoid({_offset}, {_floor})");
    }

    private sealed class SoftplusMap(double floor) : ScaleMap
    {
        private readonly double _floor = floor;

        public override Tensor LogScale(Tensor raw)
        {
            using var positive = nn.functional.softplus(raw);
            using var scale = positive + _floor;
            return scale.log();
        }

        internal override ILogScale Vectors { get; } = new SoftplusLogScale(floor);

        public override string ToString() => FormattableString.Invariant($"softplus({_floor})");
    }
}
