namespace Bijectors;

/// <summary>
/// Promises that a method maps its first argument element by element, strictly increasing and differentiable, from
/// (<see cref="Low"/>, <see cref="High"/>) onto (<see cref="RangeLow"/>, <see cref="RangeHigh"/>). Its slope is taken
/// by autograd and its inverse is found between brackets, in bijectors that ask for it
/// (<see cref="GeneratedBijectorAttribute.Numerical"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MonotoneAttribute : Attribute
{
    /// <summary>The lower end of the domain, excluded.</summary>
    public double Low { get; set; } = double.NegativeInfinity;

    /// <summary>The upper end of the domain, excluded.</summary>
    public double High { get; set; } = double.PositiveInfinity;

    /// <summary>The lower end of the range, excluded.</summary>
    public double RangeLow { get; set; } = double.NegativeInfinity;

    /// <summary>The upper end of the range, excluded.</summary>
    public double RangeHigh { get; set; } = double.PositiveInfinity;
}
