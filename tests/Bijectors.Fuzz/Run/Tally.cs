using System.Globalization;
using System.Text.RegularExpressions;

namespace Bijectors.Fuzz;

/// <summary>What became of the inputs of one target.</summary>
internal sealed partial class Tally(string target)
{
    private const int MostShown = 20;
    private readonly List<(int Index, Outcome Outcome)> _all = [];

    public int Findings => _all.Count(each => each.Outcome.Kind == "finding");

    public int Inputs => _all.Count;

    public static string Header => $"{"target",-28}{"inputs",8}{"right",8}{"refused",9}{"sentences",11}{"findings",10}"
        + $"{"slowest ms",12}{"most MiB",10}";

    public void Add(int index, Outcome outcome) => _all.Add((index, outcome));

    public override string ToString()
    {
        int Count(string kind) => _all.Count(each => each.Outcome.Kind == kind);
        // How many different refusals there were, numbers and names left out: how much of the code was reached.
        var sentences = _all.Where(each => each.Outcome.Kind == "refused")
            .Select(each => DetailPattern().Replace(each.Outcome.Text, "")).Distinct().Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{target,-28}{Inputs,8}{Count("right"),8}{Count("refused"),9}{sentences,11}{Findings,10}"
            + $"{_all.Max(each => each.Outcome.Milliseconds),12}{_all.Max(each => each.Outcome.Mebibytes),10}");
    }

    /// <summary>The findings, those that say the same only once.</summary>
    public IEnumerable<string> Lines() => _all.Where(each => each.Outcome.Kind == "finding")
        .GroupBy(each => DetailPattern().Replace(each.Outcome.Text, ""))
        .Take(MostShown)
        .Select(group => $"  --target \"{target}\" --input {group.First().Index} ({group.Count()} such): "
            + Shortened(group.First().Outcome.Text));

    private static string Shortened(string text) => text.Length <= 700 ? text : $"{text[..700]}...";

    [GeneratedRegex(@"got .*$|'[^']*'|""[^""]*""|[\d.]+|bijectors-fuzz-\w+")]
    private static partial Regex DetailPattern();
}
