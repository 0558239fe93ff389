using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A set on which a bijector is defined, or onto which it maps. Domains are values: equal sets are equal.</summary>
public abstract record Domain
{
    private protected Domain()
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

    /// <summary>Elementwise: is the point inside? NaN never is.</summary>
    /// <param name="x">Points, any shape.</param>
    /// <returns>Booleans of the shape of <paramref name="x"/>.</returns>
    public abstract Tensor Contains(Tensor x);

    /// <summary>
    /// The nearest points that are inside by more than rounding, four epsilons of the dtype off a finite end, so that what a map makes of them is a
    /// number. Points outside are moved in; NaN stays, and so does what is infinite where the domain has no end.
    /// </summary>
    internal abstract Tensor Nearest(Tensor x);

    /// <summary>Points well inside, spread over the scales that floating point meets in practice.</summary>
    public abstract Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator);

    /// <summary>Points of the domain close to its ends, and far out where an end is infinite.</summary>
    public abstract IReadOnlyList<double> EdgePoints(ScalarType dtype);

    /// <summary>True where every point of <paramref name="other"/> lies in this domain.</summary>
    public abstract bool Includes(Domain other);

    /// <summary>The points that lie in both.</summary>
    /// <exception cref="ArgumentException">No point does.</exception>
    public abstract Domain Intersect(Domain other);

    /// <summary>The smallest domain of this kind that holds both.</summary>
    public abstract Domain Hull(Domain other);
}
