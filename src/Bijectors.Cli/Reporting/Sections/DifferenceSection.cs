namespace Bijectors.Cli;

/// <summary>Every model of a comparison against every other: by how much it lies above it, and whether the test items
/// can tell.</summary>
internal static class DifferenceSection
{
    // The lowest; a table of all would be read by nobody.
    private const int MostModels = 12;

    /// <returns>Null where the table of results says the same.</returns>
    public static ReportSection? Of(ComparisonOutcome outcome)
    {
        var places = outcome.Ranking.Places.Take(MostModels).ToList();
        if (places.Count < 3)
        {
            return null;
        }

        var losses = places.Select(place =>
            outcome.Contestants.First(contestant => contestant.Model.Title == place.Name).Losses).ToList();
        var rows = Enumerable.Range(1, places.Count - 1).Select(i => new HtmlTable.Row(
            places[i].Name,
            [.. Enumerable.Range(0, places.Count - 1).Select(j => j < i ? Cell(losses[i], losses[j]) : Html.None)]));
        var isPart = places.Count < outcome.Ranking.Places.Count;
        var of = isPart ? $" Of all models the {MostModels} lowest are shown." : "";
        var pairs = places.Count * (places.Count - 1) / 2;
        return new("differences", "Differences", Html.Of(
            $"""
            <p class="lead">By how much the model of a row lies above that of a column, in bits/dim, ± the standard
            error of the difference. Bold is more than twice that error. Of {pairs} pairs of equally good models about
            {pairs * 0.05:0.#} would be bold by chance.{of}</p>
            {new HtmlTable("Differences in bits/dim", ["Model", .. places.SkipLast(1).Select(place => place.Name)],
                [.. rows]).Draw()}
            """));

        Html Cell(IReadOnlyList<IReadOnlyList<double>> upper, IReadOnlyList<IReadOnlyList<double>> lower)
        {
            var difference = LossDifference.Between(upper, lower);
            var text = Numbers.Difference(
                outcome.Baseline.Bits(difference.Mean), outcome.Baseline.Bits(difference.StandardError));
            return difference.Counts ? Html.Of($"<strong>{text}</strong>") : Html.Of($"{text}");
        }
    }
}
