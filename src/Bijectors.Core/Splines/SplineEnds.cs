namespace Bijectors;

/// <summary>What a spline on [-bound, bound] does at its ends and outside.</summary>
public enum SplineEnds
{
    /// <summary>The identity outside; the slope at both ends is 1.</summary>
    Identity,

    /// <summary>Lines outside, which continue the spline with its trained slopes at the ends.</summary>
    Linear,

    /// <summary>Defined on [-bound, bound] only, with trained slopes at the ends.</summary>
    Closed,

    /// <summary>On <see cref="Domain.Circle"/>: both ends, -pi and pi, are one point, with one trained
    /// slope.</summary>
    Circular,
}
