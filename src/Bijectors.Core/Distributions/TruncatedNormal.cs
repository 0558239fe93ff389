using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Independent elements, normal with a location m and a deviation s within an interval and zero outside:
/// <c>log p(x) = sum of -(x - m)^2 / (2 s^2) - log(s sqrt(2 pi) (Phi((high - m) / s) - Phi((low - m) / s)))</c>.
/// </summary>
/// <remarks>
/// On (0, 1) around 1/2 it is noise that keeps to the middle between two levels, see
/// <see cref="FlowBuilder.Dequantize(int, double)"/>. Draws are <c>Phi^-1</c> of uniform numbers.
/// </remarks>
public sealed class TruncatedNormal : ElementwiseDistribution
{
    private readonly Interval _support;
    private readonly double _logMass;

    /// <summary>Truncated normal elements.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="location">The location m, within the interval.</param>
    /// <param name="deviation">The deviation s before anything is cut off, above 0.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <exception cref="ArgumentException">The interval is empty or an end is not finite, the location is outside, or
    /// the deviation is not above 0.</exception>
    public TruncatedNormal(Shape eventShape, double location, double deviation, double low = 0, double high = 1)
        : this(eventShape, new Interval(low, high), location, deviation, null)
    {
    }

    private TruncatedNormal(Shape eventShape, Interval support, double location, double deviation, Tensor? place)
        : base(eventShape, place)
    {
        if (!double.IsFinite(support.High - support.Low))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"TruncatedNormal: expected an interval of finite length, got ({support.Low}, {support.High})."));
        }

        if (!(location > support.Low && location < support.High))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"TruncatedNormal: expected a location in ({support.Low}, {support.High}), got {location}."));
        }

        if (!(deviation > 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"TruncatedNormal: expected a deviation above 0, got {deviation}."));
        }

        (_support, Location, Deviation) = (support, location, deviation);
        var (below, above) = Ends;
        _logMass = Math.Log(deviation * Math.Sqrt(Math.PI / 2) * (above - below));
    }

    /// <inheritdoc/>
    public override Domain Support => _support;

    /// <summary>The location m.</summary>
    public double Location { get; }

    /// <summary>The deviation s before anything is cut off.</summary>
    public double Deviation { get; }

    /// <summary>The lower end.</summary>
    public double Low => _support.Low;

    /// <summary>The upper end.</summary>
    public double High => _support.High;

    /// <summary><c>erf((end - m) / (s sqrt 2))</c> of the two ends.</summary>
    private (double Below, double Above) Ends
    {
        get
        {
            using var scope = NewDisposeScope();
            var scaled = tensor([_support.Low - Location, _support.High - Location], ScalarType.Float64)
                / (Deviation * Math.Sqrt(2));
            var ends = scaled.erf().data<double>().ToArray();
            return (ends[0], ends[1]);
        }
    }

    /// <inheritdoc/>
    public override Distribution Frozen() => new TruncatedNormal(EventShape, _support, Location, Deviation, Place);

    /// <summary>The type and its numbers.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"TruncatedNormal({Location}, {Deviation}, {_support.Low}, {_support.High})");

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var scaled = (x - Location) / Deviation;
        return LogDets.Sum((scaled.square() / -2) - _logMass, x, EventShape.Rank).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var unit = Draws.Uniform([.. batch, .. EventShape.ToArray()], Dtype, Device, generator);
        var (below, above) = Ends;
        // Where the ends are many deviations away, 1 is the nearest number to a share of nearly all.
        var inside = (below + (above - below) * unit).erfinv();
        return (Location + Deviation * Math.Sqrt(2) * inside).clamp(_support.Low, _support.High)
            .MoveToOuterDisposeScope();
    }
}
