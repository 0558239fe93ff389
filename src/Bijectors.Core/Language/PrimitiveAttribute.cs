namespace Bijectors;

/// <summary>
/// Adds a row to the compiler's table: a static method <c>Tensor F(Tensor x, ...)</c> that maps x element by element,
/// one to one, from (<see cref="Low"/>, <see cref="High"/>) onto (<see cref="RangeLow"/>, <see cref="RangeHigh"/>), and
/// names its inverse <c>Tensor G(Tensor y, ...)</c> and its log-slope <c>Tensor H(Tensor x, ...) = log|dF/dx|</c>,
/// static methods of the same class with the same further arguments.
/// </summary>
/// <remarks>
/// They all give fresh tensors. A method may be its own inverse. The further arguments may be anything known: numbers,
/// parameters, functions of other parts; those marked <see cref="ElementwiseAttribute">[Elementwise]</see> may be
/// causal functions of the part itself.
/// </remarks>
/// <param name="inverse">The name of the inverse.</param>
/// <param name="logSlope">The name of the log-slope.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrimitiveAttribute(string inverse, string logSlope) : Attribute
{
    /// <summary>The name of the inverse.</summary>
    public string Inverse { get; } = inverse;

    /// <summary>The name of the log-slope, log|dy/dx| as a function of x.</summary>
    public string LogSlope { get; } = logSlope;

    /// <summary>
    /// The name of a method <c>(Tensor Y, Tensor LogSlope) W(Tensor x, ...)</c> that gives F and H of the same x at
    /// once; null where there is none.
    /// </summary>
    public string? WithLogSlope { get; set; }

    /// <summary>
    /// The name of a method <c>(Tensor X, Tensor LogSlope) V(Tensor y, ...)</c> that gives <c>x = G(y)</c> and
    /// <c>H(x)</c> at once, log|dF/dx| and not its negative; null where there is none.
    /// </summary>
    public string? InverseWithLogSlope { get; set; }

    /// <summary>The lower end of the domain, excluded.</summary>
    public double Low { get; set; } = double.NegativeInfinity;

    /// <summary>The upper end of the domain, excluded.</summary>
    public double High { get; set; } = double.PositiveInfinity;

    /// <summary>The lower end of the range, excluded.</summary>
    public double RangeLow { get; set; } = double.NegativeInfinity;

    /// <summary>The upper end of the range, excluded.</summary>
    public double RangeHigh { get; set; } = double.PositiveInfinity;
}
