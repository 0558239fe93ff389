namespace Bijectors.Zoo;

/// <summary>What maps a feature of a <see cref="Cgnf"/>, given its parents.</summary>
public enum CgnfMap
{
    /// <summary>The integral of a positive network, as in the paper.</summary>
    Umnn,

    /// <summary>A monotone rational-quadratic spline, whose inverse is closed.</summary>
    Spline,

    /// <summary>A scale and a shift: noise is added.</summary>
    Affine,
}
