namespace Bijectors;

/// <summary>
/// Promises the compiler that a number, or every entry of a tensor, is greater than <see cref="Low"/> and less than
/// <see cref="High"/>, always. It is not checked: where the promise is broken, what was proven from it, that a
/// multiplier is not zero or that pieces have one direction, does not hold.
/// </summary>
/// <param name="low">The lower end, or minus infinity.</param>
/// <param name="high">The upper end, or infinity.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.ReturnValue)]
public sealed class WithinAttribute(double low, double high) : Attribute
{
    /// <summary>The lower end, which itself is left out.</summary>
    public double Low { get; } = low;

    /// <summary>The upper end, which itself is left out.</summary>
    public double High { get; } = high;
}
