namespace Bijectors.Generators.Language;

/// <summary>
/// One elementwise map the compiler can invert. Templates are C# with holes: <c>{x}</c> the input, <c>{y}</c> the
/// output, <c>{k}</c> the known operand, <c>{l}</c> the logarithm of its absolute value.
/// </summary>
/// <param name="Name">The key: a torch function, an operator with the side the part stands on.</param>
/// <param name="Forward">y from x.</param>
/// <param name="Inverse">x from y.</param>
/// <param name="LogSlope">log|dy/dx|, from x and y; null where the slope is plus or minus one.</param>
/// <param name="Domain">Where the inverse is one.</param>
/// <param name="At">The map on doubles, for the ends of intervals; null where it depends on an operand.</param>
/// <param name="Back">The inverse on doubles.</param>
/// <param name="Formula">The map in ASCII mathematics.</param>
/// <param name="InverseFormula">The inverse in ASCII mathematics.</param>
/// <param name="SlopeFormula">The log-slope in ASCII mathematics.</param>
internal sealed record Primitive(
    string Name,
    string Forward,
    string Inverse,
    string? LogSlope,
    Bounds Domain,
    Func<double, double>? At,
    Func<double, double>? Back,
    string Formula,
    string InverseFormula,
    string SlopeFormula)
{
    /// <summary>Whether it takes a known operand besides the part.</summary>
    public bool HasOperand => Forward.Contains("{k}");

    /// <summary>Which arithmetic with a known operand it is, whatever side that stands on.</summary>
    public ArithmeticKind Arithmetic { get; init; }

    /// <summary>Whether the operand must be non-zero for the map to be invertible.</summary>
    public bool NeedsNonZero { get; init; }

    /// <summary>Whether the operand must be greater than zero.</summary>
    public bool NeedsPositive { get; init; }

    /// <summary>Whether the operand must be a literal other than 1.</summary>
    public bool NeedsLiteral { get; init; }

    /// <summary>
    /// An argument behind the part that torch wants written, and the only value of it that this row is right for.
    /// </summary>
    public double? Fixed { get; init; }

    /// <summary>The least upper bound of the slope, for increasing maps of all reals that have one.</summary>
    public double? SteepestSlope { get; init; }

    /// <summary>Whether the log-slope depends on the point.</summary>
    public bool HasVaryingSlope => LogSlope is not null && (LogSlope.Contains("{x}") || LogSlope.Contains("{y}"));
}

/// <summary>Arithmetic with a known operand k, as far as something more is known of it.</summary>
internal enum ArithmeticKind
{
    None,

    /// <summary><c>x + k</c>.</summary>
    Sum,

    /// <summary><c>x - k</c>.</summary>
    Difference,

    /// <summary><c>x k</c>, undone by a quotient.</summary>
    Product,
}

/// <summary>An open interval of doubles. An end is 0 and never -0, whose reciprocal is on the other side.</summary>
internal readonly record struct Bounds(double Low, double High)
{
    public static readonly Bounds Real = new(double.NegativeInfinity, double.PositiveInfinity);
    public static readonly Bounds Positive = new(0, double.PositiveInfinity);
    public static readonly Bounds Unit = new(0, 1);
    public static readonly Bounds Symmetric = new(-1, 1);
    public static readonly Bounds AboveOne = new(1, double.PositiveInfinity);
    public static readonly Bounds AboveMinusOne = new(-1, double.PositiveInfinity);

    public double Low { get; } = Low + 0.0;

    public double High { get; } = High + 0.0;
}
