namespace Bijectors.Kernels;

/// <summary>What kind of spline raw numbers become.</summary>
/// <param name="Bound">The spline maps [-bound, bound] onto itself.</param>
/// <param name="Tails">What it is outside.</param>
/// <param name="LeastSize">The least share of a bin, in width and in height.</param>
/// <param name="LeastSlope">The least slope at a knot.</param>
internal sealed record SplineForm(
    double Bound, SplineTails Tails = SplineTails.Identity, double LeastSize = SplineKnots.Least,
    double LeastSlope = SplineKnots.Least)
{
    /// <summary>The form that the kernels know: the identity outside, least sizes and slopes of 1/1000.</summary>
    public static implicit operator SplineForm(double bound) => new(bound);

    /// <summary>Whether this is the form that the kernels know.</summary>
    public bool IsUsual => Tails == SplineTails.Identity && LeastSize == SplineKnots.Least
        && LeastSlope == SplineKnots.Least;

    /// <summary>How many raw slopes there are for K bins.</summary>
    public int Slopes(int bins) => Tails switch
    {
        SplineTails.Identity => bins - 1,
        SplineTails.Circular => bins,
        _ => bins + 1,
    };
}

/// <summary>What a spline is outside of its interval.</summary>
internal enum SplineTails
{
    /// <summary>The identity; the slope at both ends is 1.</summary>
    Identity,

    /// <summary>A line through the last knot, with the slope there.</summary>
    Linear,

    /// <summary>Nothing: it is defined on the interval only.</summary>
    None,

    /// <summary>Nothing, and both ends are one point, with one slope.</summary>
    Circular,
}
