using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>What came of a comparison.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Run">Where and when it ran, and on which data.</param>
/// <param name="Baseline">The density of independent entries.</param>
/// <param name="Contestants">The models, in the order of the plan; fewer where it was interrupted.</param>
/// <param name="RealItems">Items of the test set as a picture; null where the data cannot be drawn.</param>
/// <param name="Interrupted">True where Ctrl-C came before the end.</param>
internal sealed record ComparisonOutcome(
    ComparisonPlan Plan,
    RunInfo Run,
    Baseline Baseline,
    IReadOnlyList<Contestant> Contestants,
    byte[]? RealItems,
    bool Interrupted);
