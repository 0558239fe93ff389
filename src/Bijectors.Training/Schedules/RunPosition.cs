namespace Bijectors.Training;

/// <summary>How far a run is, for a schedule.</summary>
/// <param name="Step">The number of updates so far.</param>
/// <param name="Fraction">How much of the run is done, 0 to 1, by the limit that will be reached first.</param>
/// <param name="History">What came of the epochs so far.</param>
/// <param name="MoreIsBetter">True where larger validation scores are better.</param>
public readonly record struct RunPosition(
    long Step, double Fraction, IReadOnlyList<EpochRecord> History, bool MoreIsBetter = false);
