using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A set on which a bijector is defined, or onto which it maps: of elements, as an interval is, or of whole events, as
/// the simplex is. Domains are values: equal sets are equal.
/// </summary>
/// <remarks>
/// <para>A domain of one's own is a record that says which points are inside, draws points, and overrides what else is
/// known of it. One with an <see cref="EventRank"/> speaks of events.</para>
/// <para><b>Log-dets on curved or lower-dimensional sets are with respect to the surface measure</b>: where points or
/// images lie on a set with <see cref="Tangents"/>, <c>log|det J|</c> is that of the Jacobian between the two
/// orthonormal bases, <c>T(y)^T J T(x)</c>, a square matrix; a density there integrates to one over the surface.</para>
/// </remarks>
public abstract partial record Domain
{
    /// <summary>A domain of one's own.</summary>
    protected Domain()
    {
    }

    /// <summary>Every real number.</summary>
    public static Domain Real { get; } = new Interval(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The numbers greater than zero.</summary>
    public static Domain Positive { get; } = new Interval(0, double.PositiveInfinity);

    /// <summary>The open interval (0, 1).</summary>
    public static Domain Unit { get; } = new Interval(0, 1);

    /// <summary>The open interval (<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <exception cref="ArgumentException">The interval is empty or an end is NaN.</exception>
    public static Domain Interval(double low, double high) => new Interval(low, high);

    /// <summary>The whole numbers from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Domain WholeNumbers(long low, long high) => new WholeNumbers(low, high);

    /// <summary>
    /// How many last dimensions one point of the set has: 0 where each element lies in it by itself, 1 for
    /// vectors, 2 for matrices.
    /// </summary>
    public virtual int EventRank => 0;

    /// <summary>The smallest interval known to hold every element of every point.</summary>
    public virtual Domain Elements => Real;

    /// <summary>Is the point inside? NaN never is.</summary>
    /// <param name="x">Points, of at least <see cref="EventRank"/> dimensions.</param>
    /// <returns>Booleans of the shape of <paramref name="x"/>; of a set of events, the same for all entries
    /// of one.</returns>
    public abstract Tensor Contains(Tensor x);

    /// <summary>Points well inside, spread over the scales that floating point meets in practice.</summary>
    /// <param name="shape">The shape of all of them together, the event last.</param>
    /// <param name="dtype">Their dtype.</param>
    /// <param name="generator">What they are drawn from.</param>
    public abstract Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator);

    /// <summary>
    /// Numbers close to the ends, and far out where an end is infinite, of which every element of a point may be one;
    /// none where no number stands for all elements.
    /// </summary>
    public virtual IReadOnlyList<double> EdgePoints(ScalarType dtype) => [];

    /// <summary>
    /// True where every point of <paramref name="other"/> lies in this domain; as far as is known, and by default
    /// where they are equal.
    /// </summary>
    public virtual bool Includes(Domain other) => Equals(other);

    /// <summary>The points that lie in both; by default the one that lies in the other.</summary>
    /// <exception cref="ArgumentException">No point does, or it is not known which do.</exception>
    public virtual Domain Intersect(Domain other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Includes(other) ? other
            : other.Includes(this) ? this
            : throw new ArgumentException($"{this}: expected a domain that holds it or lies in it, got {other}.");
    }

    /// <summary>The smallest domain known that holds both; by default the one that holds the other.</summary>
    /// <exception cref="ArgumentException">It is not known.</exception>
    public virtual Domain Hull(Domain other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Includes(other) ? this
            : other.Includes(this) ? other
            : throw new ArgumentException($"{this}: expected a domain that holds it or lies in it, got {other}.");
    }

    /// <summary>The image of the set under <c>scale x + shift</c>, for <see cref="IDomainMap"/>.</summary>
    /// <param name="scale">The slope, not zero.</param>
    /// <param name="shift">The value at 0.</param>
    /// <exception cref="ArgumentException">The set is not made of intervals.</exception>
    public virtual Domain Scaled(double scale, double shift) =>
        throw new ArgumentException($"{this}: expected an interval, or a set made of intervals, to scale.");

    /// <summary>The number of dimensions of the set among events of a shape: fewer than entries on a surface.</summary>
    /// <param name="eventShape">The shape of one event.</param>
    public virtual long Dimensions(Shape eventShape) => eventShape.Size;

    /// <summary>
    /// For each point, orthonormal vectors that span the tangent space of the set. Null where that is the whole space,
    /// in an open set as an interval.
    /// </summary>
    /// <param name="x">Points inside, <c>(batch..., event...)</c>, of <see cref="EventRank"/> last dimensions.</param>
    /// <returns>A fresh tensor <c>(batch..., event size, dimensions)</c>; null where every direction is one.</returns>
    public virtual Tensor? Tangents(Tensor x) => null;

    /// <summary>True where every element of every point is known to lie in an interval.</summary>
    /// <param name="interval">The interval.</param>
    protected internal virtual bool LiesIn(Interval interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return Elements is Interval elements && interval.Low <= elements.Low && elements.High <= interval.High;
    }

    /// <summary>A sentence on how it differs from a domain that does not fit it; null where there is nothing to
    /// say.</summary>
    internal virtual string? Beside(Domain other) => null;

    /// <summary>The usual map of all real vectors onto the set, see <see cref="Bijector.To"/>.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    protected internal virtual Bijector FromReals() =>
        throw new NotSupportedException(
            $"{this}: expected a domain with a usual map from the reals, got one without; write the bijector.");

    /// <summary>
    /// The nearest points that are inside by more than rounding, four epsilons of the dtype off a finite end, so that
    /// what a map makes of them is a number. Points outside are moved in; NaN stays, and so does what is infinite where
    /// the domain has no end. By default the points themselves.
    /// </summary>
    protected internal virtual Tensor Nearest(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.alias();
    }

    /// <summary>
    /// The least positive number that points are moved to: at smaller ones a slope of 1/x may overflow.
    /// </summary>
    private protected static double Least(ScalarType dtype) => finfo(dtype).tiny / finfo(dtype).eps;
}
