using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Bijectors.Cli;

/// <summary>Options whose value is a number in a range, in invariant notation, with messages that say which.</summary>
internal static class NumberOption
{
    /// <summary>
    /// A whole number from <paramref name="least"/> on; null where it is not given and has no default.
    /// </summary>
    public static Option<int?> Whole(string name, string description, int? byDefault = null, int least = 1) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
            Parse<int>(result, name, $"a whole number of at least {least}", NumberStyles.Integer, n => n >= least),
    };

    /// <summary>
    /// The number of threads of torch, at most four for each processor: the system lends only so many.
    /// </summary>
    public static Option<int?> Threads(string description)
    {
        var most = Math.Max(16, 4 * Environment.ProcessorCount);
        return new("--threads")
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => 1,
            CustomParser = result => Parse<int>(
                result,
                "--threads",
                $"a whole number from 1 to {most}, four for each processor or 16",
                NumberStyles.Integer,
                n => n >= 1 && n <= most),
        };
    }

    /// <summary>A number that is at least 0, or more than 0; null where it is not given and has no default.</summary>
    public static Option<double?> Real(
        string name, string description, double? byDefault = null, bool orZero = false) => new(name)
        {
            Description = description,
            HelpName = "X",
            DefaultValueFactory = _ => byDefault,
            CustomParser = result => Parse<double>(
                result,
                name,
                orZero ? "a number of at least 0" : "a number above 0",
                NumberStyles.Float,
                x => (x > 0 || (orZero && x == 0)) && double.IsFinite(x)),
        };

    private static T? Parse<T>(
        ArgumentResult result, string name, string expected, NumberStyles style, Func<T, bool> fits)
        where T : struct, System.Numerics.INumberBase<T>
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && fits(number))
        {
            return number;
        }

        result.AddError($"{name}: expected {expected}, got '{text}'");
        return null;
    }
}
