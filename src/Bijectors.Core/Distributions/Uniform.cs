using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Independent elements, uniform between two ends: <c>log p(x) = -D log(high - low)</c>.</summary>
public sealed class Uniform : ElementwiseDistribution
{
    private readonly Interval _support;

    /// <summary>Uniform elements.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <exception cref="ArgumentException">The interval is empty or an end is not finite.</exception>
    public Uniform(Shape eventShape, double low = 0, double high = 1)
        : this(eventShape, new Interval(low, high), null)
    {
        if (!double.IsFinite(high - low))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Uniform: expected an interval of finite length, got ({low}, {high})."));
        }
    }

    private Uniform(Shape eventShape, Interval support, Tensor? place)
        : base(eventShape, place) => _support = support;

    /// <inheritdoc/>
    public override Domain Support => _support;

    /// <summary>The lower end.</summary>
    public double Low => _support.Low;

    /// <summary>The upper end.</summary>
    public double High => _support.High;

    private double Length => _support.High - _support.Low;

    /// <inheritdoc/>
    public override Distribution Frozen() => new Uniform(EventShape, _support, Place);

    /// <summary>The type and the interval.</summary>
    public override string ToString() => FormattableString.Invariant($"Uniform({_support.Low}, {_support.High})");

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context) =>
        full(x.shape[..^EventShape.Rank], -EventShape.Size * Math.Log(Length), x.dtype, x.device);

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var unit = Draws.Uniform([.. batch, .. EventShape.ToArray()], Dtype, Device, generator);
        using var scaled = unit * Length;
        return scaled + _support.Low;
    }
}
