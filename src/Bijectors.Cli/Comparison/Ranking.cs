namespace Bijectors.Cli;

/// <summary>
/// Which model fits best, as far as the test items can tell: the one with the lowest mean loss, where every other model
/// and the baseline lie above it by more than twice the standard error of the difference; else none.
/// </summary>
internal sealed class Ranking
{
    /// <summary>Compares models on the same items.</summary>
    /// <param name="models">The name of each model and its losses in nats, a list for each seed.</param>
    /// <param name="baseline">The losses of the baseline on these items.</param>
    public Ranking(
        IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<double>> Losses)> models,
        IReadOnlyList<double> baseline)
    {
        var ordered = models.OrderBy(model => Finite(model.Losses.Average(run => run.Average()))).ToList();
        Places = [.. ordered.Select((model, place) => new Place(
            model.Name,
            place == 0 ? null : LossDifference.Between(model.Losses, ordered[0].Losses),
            LossDifference.Between([baseline], model.Losses)))];
        BaselineAboveLowest = Places.Count == 0 ? null : Places[0].BelowBaseline;
        var isBest = Places.Count > 1 && Places[0].BelowBaseline.Counts;
        Best = isBest && Places.Skip(1).All(place => place.AboveLowest!.Counts) ? Places[0].Name : null;
    }

    /// <summary>The models, lowest mean loss first, what is not finite last.</summary>
    public IReadOnlyList<Place> Places { get; }

    /// <summary>By how much the baseline lies above the lowest model; null where there is none.</summary>
    public LossDifference? BaselineAboveLowest { get; }

    /// <summary>
    /// The model that is best; null where no difference is large enough to tell, or there is nothing to compare with.
    /// </summary>
    public string? Best { get; }

    /// <summary>The place of a model.</summary>
    public Place Of(string name) => Places.First(place => place.Name == name);

    private static double Finite(double mean) => double.IsFinite(mean) ? mean : double.PositiveInfinity;

    /// <summary>One model among the others.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="AboveLowest">By how much it lies above the lowest model; null for that model itself.</param>
    /// <param name="BelowBaseline">By how much the baseline lies above it.</param>
    internal sealed record Place(string Name, LossDifference? AboveLowest, LossDifference BelowBaseline);
}
