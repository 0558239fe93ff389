using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What a reader must know besides the table, one sentence each, for the terminal, the report and the JSON file.</summary>
internal static class ComparisonNotes
{
    private const string Enough = "more than twice the standard error of the difference";

    public static IReadOnlyList<string> Of(ComparisonOutcome outcome) =>
    [
        .. Best(outcome), .. Baseline(outcome), .. Converged(outcome), .. Units(outcome), .. Sizes(outcome),
        .. Items(outcome), .. Order(outcome), .. outcome.LeftOut.Select(left => $"{left}"),
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
            var near = ranking.Places.Skip(1).Where(place => !place.AboveLowest!.Counts).Select(place => place.Name).ToList();
            var lie = near.Count == 1 ? "lies" : "lie";
            yield return $"No model is marked best: {List(near)} {lie} above {ranking.Places[0].Name}, the lowest, but not by {Enough}.";
        }
        else if (ranking.Places.Count > 1)
        {
            yield return $"No model is marked best: {ranking.Places[0].Name}, the lowest, does not beat the baseline.";
        }
    }

    private static IEnumerable<string> Baseline(ComparisonOutcome outcome)
    {
        var beaten = outcome.Ranking.Places.Where(place => !place.BelowBaseline.Counts).Select(place => place.Name).ToList();
        if (beaten.Count > 0)
        {
            var they = beaten.Count == 1 ? "does" : "do";
            yield return $"{List(beaten)} {they} not lie below the baseline, {outcome.Baseline.Name}, by {Enough}.";
        }
    }

    private static IEnumerable<string> Converged(ComparisonOutcome outcome)
    {
        var open = outcome.Contestants.Where(contestant => contestant.Summary.Converged == false)
            .Select(contestant => contestant.Model.Title).ToList();
        if (open.Count > 0)
        {
            yield return $"Not converged: {string.Join(", ", open)}. Validation still improved at the end, or was too rare to tell; "
                + "more training would change the table.";
        }

        if (outcome.Run.ValidationItems == 0)
        {
            yield return "There are no validation items, so the last weights are kept and nothing is known about convergence.";
        }
    }

    private static IEnumerable<string> Units(ComparisonOutcome outcome)
    {
        if (outcome.Run.Levels is null)
        {
            yield return "Bits/dim of continuous data depend on the units: measured in units a times as large, the same data have "
                + "log2(a) bits/dim less. Differences between models do not depend on them.";
        }
    }

    private static IEnumerable<string> Sizes(ComparisonOutcome outcome)
    {
        var plan = outcome.Plan;
        foreach (var entry in outcome.Contestants.Select(contestant => contestant.Entry))
        {
            var size = $"{entry.Model.Title} has {Numbers.Count(entry.Parameters)} parameters, not {Numbers.Count(plan.Parameters)}";
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
            yield return $"Validated on {Of(run.ValidationItemsUsed, run.ValidationItems)} validation items, drawn with the seed.";
        }

        if (outcome.TestItems < run.TestItemsChosen)
        {
            var slow = outcome.SlowToScore;
            yield return $"Within {Numbers.Plain(outcome.Plan.EvaluationSeconds)} s {string.Join(", ", slow)} scored "
                + $"{Of(outcome.TestItems, run.TestItemsChosen)} test items; all models are reported on these.";
        }
    }

    private static IEnumerable<string> Order(ComparisonOutcome outcome)
    {
        if (outcome.Plan.Permute is { } seed)
        {
            yield return $"The entries of each item stand in one fixed random order, seed {seed}, in training, validation and test alike; "
                + "pictures show them put back.";
        }
    }

    private static string Of(long some, long all) => $"{Numbers.Count(some)} of {Numbers.Count(all)}";

    private static string List(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
}
