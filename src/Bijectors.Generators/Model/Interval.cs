namespace Bijectors.Generators.Model;

/// <summary>
/// What a known value can be, as a number of float32 as well as of float64: a closed interval whose ends allow for
/// rounding. NaN lies in none.
/// </summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="IsOpen">Whether the ends are left out, as only a person's promise can say it.</param>
internal readonly record struct Interval(double Low, double High, bool IsOpen = false)
{
    public static readonly Interval All = new(double.NegativeInfinity, double.PositiveInfinity);

    public double Low { get; } = Low + 0.0;

    public double High { get; } = High + 0.0;

    /// <summary>What follows of the sign.</summary>
    public Sign Sign => Low > 0 || (IsOpen && Low == 0) ? Sign.Positive
        : High < 0 || (IsOpen && High == 0) ? Sign.NonZero
        : Sign.Unknown;

    public bool IsPoint => Low == High;

    public static Interval At(double value) => double.IsNaN(value) ? All : new(value, value);
}
