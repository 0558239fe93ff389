namespace Bijectors.Cli;

/// <summary>What came of a comparison.</summary>
/// <param name="Plan">What was asked for, and what the data made of it.</param>
/// <param name="Run">Where and when it ran, and on which data.</param>
/// <param name="Baseline">The density of independent entries.</param>
/// <param name="Contestants">The models that were trained, in the order of the plan; all scored on the same
/// test items.</param>
/// <param name="SlowToScore">The models that had no time to score all test items, by title.</param>
/// <param name="LeftOut">The models that are missing, each with the reason.</param>
/// <param name="Items">What the test items look like; null where the data cannot be shown.</param>
/// <param name="Columns">The names of the columns that are shown; empty where items are no vectors.</param>
/// <param name="Interrupted">True where Ctrl-C came before the end.</param>
internal sealed record ComparisonOutcome(
    ComparisonPlan Plan,
    RunInfo Run,
    Baseline Baseline,
    IReadOnlyList<Contestant> Contestants,
    IReadOnlyList<string> SlowToScore,
    IReadOnlyList<LeftOut> LeftOut,
    ItemLook? Items,
    IReadOnlyList<string> Columns,
    bool Interrupted)
{
    /// <summary>Which model is best, if the test items can tell.</summary>
    public Ranking Ranking { get; } = new(
        [.. Contestants.Select(contestant => (contestant.Model.Title, contestant.Losses))], Baseline.TestLosses);

    /// <summary>The models whose training failed.</summary>
    public IReadOnlyList<LeftOut> Failed => [.. LeftOut.Where(left => left.Failed)];

    /// <summary>The number of test items that every model is scored on.</summary>
    public int TestItems => Baseline.TestLosses.Count;
}
