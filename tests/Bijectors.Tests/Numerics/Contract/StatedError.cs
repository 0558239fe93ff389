using System.Globalization;

namespace Bijectors.Tests.Numerics;

/// <summary>
/// An error as the page states it: a cell <c>1.2e-7 ≤ 5e-7, 4 % saturated</c>, <c>exact</c> or <c>saturated</c>.
/// </summary>
/// <param name="Bound">What the error stays within, 0 where it is exact; null where every point is saturated.</param>
internal readonly record struct StatedError(double? Bound)
{
    private const string Exact = "exact";
    private const string Saturated = "saturated";

    /// <summary>
    /// The cell of a measured error. What is stated is what rounding explains, not what was measured: processors round
    /// in different orders, and where roundings cancel on one, they do not on another.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="isExact">True where nothing is computed, so that a bound of 0 is no luck.</param>
    public static string Cell(Error error, bool isExact)
    {
        if (double.IsNaN(error.Worst))
        {
            return Saturated;
        }

        if (isExact && error.Worst == 0)
        {
            return Exact;
        }

        var share = error.Saturated > 0
            ? FormattableString.Invariant($", {Math.Ceiling(100 * error.Saturated)} % saturated") : "";
        return FormattableString.Invariant(
            $"{Text(error.Worst, "0.0e-0")} ≤ {Text(RoundedUp(error.Explained), "0e-0")}{share}");
    }

    /// <summary>Reads a cell.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static StatedError Parse(string cell) => cell switch
    {
        Saturated => new(null),
        Exact => new(0),
        _ when cell.Split(" ≤ ") is [_, var bound] =>
            new(double.Parse(bound.Split(',')[0], CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"Expected '1.2e-7 ≤ 5e-7', '{Exact}' or '{Saturated}', got '{cell}'."),
    };

    /// <summary>
    /// True where a measured error is what is stated; an error that cannot be measured is what no bound is stated for.
    /// </summary>
    public bool Holds(Error error) =>
        Bound is { } bound ? error.Worst <= bound || error.Saturated == 1 : error.Saturated > 0;

    /// <summary>1, 2 or 5 times a power of ten, the least that is not smaller.</summary>
    private static double RoundedUp(double x)
    {
        if (x == 0)
        {
            return 0;
        }

        var power = (int)Math.Floor(Math.Log10(x));
        return new[] { 1, 2, 5, 10, 20 }.Select(digit => double.Parse($"{digit}e{power}", CultureInfo.InvariantCulture))
            .First(nice => nice >= x);
    }

    private static string Text(double x, string format) =>
        x == 0 ? "0" : x.ToString(format, CultureInfo.InvariantCulture);
}
