using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>An error as the page states it: a cell <c>1.2e-7 ≤ 5e-7, 4 % saturated</c>, <c>exact</c> or <c>saturated</c>.</summary>
/// <param name="Bound">What the error stays within, 0 where it is exact; null where every point is saturated.</param>
internal readonly record struct StatedError(double? Bound)
{
    private const string Exact = "exact";
    private const string Saturated = "saturated";

    // Another processor rounds in another order. Where a few roundings cancelled by luck on the one, they do not on the other.
    private const double Margin = 3;
    private const double ShareOfExplained = 0.25;
    private const double FewRoundings = 32;

    /// <summary>The cell of a measured error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="dtype">Its dtype: no bound is smaller than one rounding of it.</param>
    /// <param name="isExact">True where nothing is computed, so that a bound of 0 is no luck.</param>
    public static string Cell(Error error, ScalarType dtype, bool isExact)
    {
        if (double.IsNaN(error.Worst))
        {
            return Saturated;
        }

        if (isExact && error.Worst == 0)
        {
            return Exact;
        }

        var rounding = dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23);
        var bound = RoundedUp(Math.Max(Math.Max(Margin * error.Worst, Math.Min(ShareOfExplained * error.Explained, FewRoundings * rounding)), rounding));
        var share = error.Saturated > 0 ? FormattableString.Invariant($", {Math.Ceiling(100 * error.Saturated)} % saturated") : "";
        return FormattableString.Invariant($"{Text(error.Worst, "0.0e-0")} ≤ {Text(bound, "0e-0")}{share}");
    }

    /// <summary>Reads a cell.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static StatedError Parse(string cell) => cell switch
    {
        Saturated => new(null),
        Exact => new(0),
        _ when cell.Split(" ≤ ") is [_, var bound] => new(double.Parse(bound.Split(',')[0], CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"Expected '1.2e-7 ≤ 5e-7', '{Exact}' or '{Saturated}', got '{cell}'."),
    };

    /// <summary>True where a measured error is what is stated; an error that cannot be measured is what no bound is stated for.</summary>
    public bool Holds(Error error) => Bound is { } bound ? error.Worst <= bound || error.Saturated == 1 : error.Saturated > 0;

    /// <summary>1, 2 or 5 times a power of ten, the least that is not smaller.</summary>
    private static double RoundedUp(double x)
    {
        var power = (int)Math.Floor(Math.Log10(x));
        return new[] { 1, 2, 5, 10, 20 }.Select(digit => double.Parse($"{digit}e{power}", CultureInfo.InvariantCulture)).First(nice => nice >= x);
    }

    private static string Text(double x, string format) => x == 0 ? "0" : x.ToString(format, CultureInfo.InvariantCulture);
}
