using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>All combinations of values of some options of one model.</summary>
internal static class SweepExperiment
{
    /// <summary>The section of its rows.</summary>
    public const string Section = "sweep";

    /// <summary>A row for each combination, in the order in which they are written.</summary>
    /// <param name="model">The model.</param>
    /// <param name="varied">Of each option <c>NAME=VALUE,VALUE</c>.</param>
    public static IEnumerable<Variant> Rows(Model model, IEnumerable<string> varied)
    {
        IEnumerable<(string Option, string Value)[]> combinations = [[]];
        foreach (var (option, values) in varied.Select(Parse))
        {
            combinations =
            [
                .. from combination in combinations
                   from value in values
                   select ((string Option, string Value)[])[.. combination, (option, value)],
            ];
        }

        return combinations.Select(changes => new Variant(
            Section, string.Join(", ", changes.Select(change => $"{change.Option}={change.Value}")), model, changes));
    }

    /// <summary>Whether a text is an option with its values.</summary>
    public static bool IsOne(string text) => Parse(text) is { Option.Length: > 0, Values.Length: > 0 };

    private static (string Option, string[] Values) Parse(string text)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return text.Split('=', 2, StringSplitOptions.TrimEntries) is [var option, var values]
            ? (option, values.Split(',', Tidy))
            : (text, []);
    }
}
