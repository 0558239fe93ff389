using System.Globalization;

namespace Bijectors.Cli;

/// <summary>How the densities of models agree with where test items lie.</summary>
internal static class CalibrationSection
{
    private const int Steps = 50;

    /// <returns>Null where no model was measured.</returns>
    public static ReportSection? Of(IReadOnlyList<ReportedModel> models)
    {
        var measured = models.Where(model => model.Calibration is not null)
            .Select(model => (model.Title, Calibration: model.Calibration!)).ToList();
        if (measured.Count == 0)
        {
            return null;
        }

        var missing = models.Where(model => model.Calibration is null).Select(model => model.Title).ToList();
        var left = missing.Count == 0
            ? Html.None
            : Html.Of($"<p class=\"soft\">Without a density that is known exactly: {string.Join(", ", missing)}.</p>");
        return new("calibration", "Calibration", Html.Of(
            $"""
            <p class="lead">The region of highest density that holds a share of a model's samples should hold the same
            share of the test items. A curve below the diagonal is a model that is too narrow, a curve above it one that
            is too wide.</p>
            <div class="pair">
            <div>{CurveChart.Draw(
                [.. measured.Select(model => Line(model.Title, model.Calibration.Held)), Diagonal],
                "share of samples", "share of test items", null)}</div>
            {new HtmlTable(
                "Largest deviation of each model", ["Model", "Largest deviation", "By chance", "Reading"],
                [.. measured.Select(model => Row(model.Title, model.Calibration))]).Draw()}
            </div>
            {left}
            {ReportDefinitions.Calibration}
            """));
    }

    private static Curve Diagonal => Line("exact", share => share) with { IsReference = true };

    private static Curve Line(string name, Func<double, double> held) => new(
        name, [.. Enumerable.Range(0, Steps + 1).Select(i => (i / (double)Steps, held(i / (double)Steps)))]);

    private static HtmlTable.Row Row(string title, Calibration of) => new(
        title,
        [
            of.Deviation.ToString("+0.000;-0.000", CultureInfo.InvariantCulture),
            of.Chance.ToString("0.000", CultureInfo.InvariantCulture),
            of.IsWithinChance ? "agrees" : of.Deviation < 0 ? "too narrow" : "too wide",
        ]);
}
