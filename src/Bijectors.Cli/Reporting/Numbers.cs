using System.Globalization;

namespace Bijectors.Cli;

/// <summary>Numbers as tables and reports show them, in invariant notation.</summary>
internal static class Numbers
{
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: <c>1 thread</c>, <c>2 threads</c>.</summary>
    public static string Count(long value, string thing) => $"{Count(value)} {thing}{(value == 1 ? "" : "s")}";

    public static string Seconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:F1} s");

    public static string Milliseconds(double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{1e3 * seconds:F1} ms");

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %");

    /// <summary>Two decimals, or two digits of what is smaller than they show.</summary>
    public static string Ratio(double value) => value.ToString(value < 0.1 ? "G2" : "F2", CultureInfo.InvariantCulture);

    public static string Error(double? value) =>
        value?.ToString("0.0e+0", CultureInfo.InvariantCulture) ?? "not measured";

    /// <summary>Three decimals, and the standard error where there is one.</summary>
    public static string Measure(double value, double? standardError) => standardError is { } error
        ? string.Create(CultureInfo.InvariantCulture, $"{value:F3} ± {error:F3}")
        : value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>A difference with its sign, and its standard error where it is known.</summary>
    public static string Difference(double value, double standardError)
    {
        if (!double.IsFinite(value))
        {
            return "not finite";
        }

        var sign = value < 0 ? "" : "+";
        return $"{sign}{Measure(value, double.IsFinite(standardError) ? standardError : null)}";
    }

    /// <summary>A number in as few digits as say it.</summary>
    public static string Plain(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
