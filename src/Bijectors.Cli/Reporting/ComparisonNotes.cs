using Bijectors.Testing;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// What a reader must know besides the table, one sentence each, for the terminal, the report and the JSON file.
/// </summary>
internal static class ComparisonNotes
{
    private const string Enough = "more than twice the standard error of the difference";

    public static IReadOnlyList<string> Of(ComparisonOutcome outcome) =>
    [
        .. Best(outcome), .. Baseline(outcome), .. Converged(outcome), .. Bounds(outcome), .. Units(outcome),
        .. Sizes(outcome), .. Items(outcome), .. Order(outcome), .. Layers(outcome),
        .. outcome.LeftOut.Select(left => $"{left}"),
    ];

    private static IEnumerable<string> Best(ComparisonOutcome outcome)
    {
        var ranking = outcome.Ranking;
        if (ranking.Best is { } best)
        {
            yield return $"{best} is best: every other model and the baseline lie above it by {Enough}.";
        }
        else if (ranking.Places.Count > 1 && ranking.Places[0].BelowBaseline.Counts)
        {
            var near = ranking.Places.Skip(1).Where(place => !place.AboveLowest!.Counts).Select(place => place.Name);
            var (names, lie) = List([.. near], "lies", "lie");
            yield return $"No model is marked best: {names} {lie} above {ranking.Places[0].Name}, the lowest, "
                + $"but not by {Enough}.";
        }
        else if (ranking.Places.Count > 1)
        {
            yield return $"No model is marked best: {ranking.Places[0].Name}, the lowest, does not beat the baseline.";
        }
    }

    private static IEnumerable<string> Baseline(ComparisonOutcome outcome)
    {
        var above = outcome.Ranking.Places
            .Where(place => !place.BelowBaseline.Counts).Select(place => place.Name).ToList();
        if (above.Count > 0)
        {
            var (names, they) = List(above, "does", "do");
            yield return $"{names} {they} not lie below the baseline, {outcome.Baseline.Name}, by {Enough}.";
        }
    }

    private static IEnumerable<string> Converged(ComparisonOutcome outcome)
    {
        var open = outcome.Contestants.Where(contestant => contestant.Summary.Converged == false)
            .Select(contestant => contestant.Model.Title).ToList();
        if (open.Count > 0)
        {
            yield return $"Not converged: {string.Join(", ", open)}. Validation still improved at the end, "
                + "or came too seldom to tell; longer training may change the table.";
        }

        if (outcome.Run.ValidationItems == 0)
        {
            yield return "There are no validation items: the last weights are kept, and convergence is unknown.";
        }
    }

    private static IEnumerable<string> Bounds(ComparisonOutcome outcome)
    {
        var bounded = outcome.Contestants.Where(contestant => !contestant.Entry.HasExactLogProb)
            .Select(contestant => contestant.Model.Title).ToList();
        if (bounded.Count > 0)
        {
            var (names, have) = List(bounded, "has", "have");
            yield return $"{names} {have} a lower bound in place of a density, from one draw of the noise inside: "
                + "bits/dim lie above those of the density, by how much is not known.";
        }
    }

    private static IEnumerable<string> Units(ComparisonOutcome outcome)
    {
        if (outcome.Run.Levels is null)
        {
            yield return "Bits/dim of continuous data depend on the units: measured in units a times as large, "
                + "the same data have log2(a) bits/dim less. Differences between models do not depend on them.";
        }
    }

    private static IEnumerable<string> Sizes(ComparisonOutcome outcome)
    {
        var plan = outcome.Plan;
        foreach (var entry in outcome.Contestants.Select(contestant => contestant.Entry))
        {
            var (got, wanted) = (Numbers.Count(entry.Parameters), Numbers.Count(plan.Parameters));
            var size = $"{entry.Model.Title} has {got} parameters, not {wanted}";
            if (BudgetSearch.IsWithin(entry.Parameters, plan.Parameters))
            {
                continue;
            }

            yield return plan.Settings.SetWidthOf(entry.Model)
                ? $"{size}: its width was set."
                : $"{size}: no width of its networks comes nearer.";
        }
    }

    private static IEnumerable<string> Items(ComparisonOutcome outcome)
    {
        var run = outcome.Run;
        if (run.TestItemsChosen < run.TestItems)
        {
            yield return $"Measured on {Of(run.TestItemsChosen, run.TestItems)} test items, drawn with the seed.";
        }

        if (run.ValidationItemsUsed < run.ValidationItems)
        {
            var some = Of(run.ValidationItemsUsed, run.ValidationItems);
            yield return $"Validated on {some} validation items, drawn with the seed.";
        }

        if (outcome.TestItems < run.TestItemsChosen)
        {
            var slow = string.Join(", ", outcome.SlowToScore);
            yield return $"Within {Numbers.Plain(outcome.Plan.EvaluationSeconds)} s {slow} scored "
                + $"{Of(outcome.TestItems, run.TestItemsChosen)} test items; all models are reported on these.";
        }
    }

    private static IEnumerable<string> Order(ComparisonOutcome outcome)
    {
        if (outcome.Plan.Permute is { } seed)
        {
            yield return $"The entries of each item stand in one fixed random order, seed {seed}, in training, "
                + "validation and test alike; pictures show them put back.";
        }
    }

    private static IEnumerable<string> Layers(ComparisonOutcome outcome) => outcome.Contestants.SelectMany(
        contestant => LayerHistory.Findings(contestant.Snapshots)
            .Select(finding => $"{contestant.Model.Title}: {finding}."));

    private static string Of(long some, long all) => $"{Numbers.Count(some)} of {Numbers.Count(all)}";

    /// <summary>Names as the subject of a sentence, and the verb that goes with them.</summary>
    private static (string Names, string Verb) List(IReadOnlyList<string> names, string singular, string plural) =>
        names.Count == 1
            ? (names[0], singular)
            : ($"{string.Join(", ", names.SkipLast(1))} and {names[^1]}", plural);
}
