using System.Globalization;
using System.Net;
using System.Text;
using Bijectors.Charts;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>
/// The comparison as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.
/// </summary>
internal sealed class HtmlReport
{
    private readonly ComparisonOutcome _outcome;
    private readonly StringBuilder _html = new();

    private HtmlReport(ComparisonOutcome outcome) => _outcome = outcome;

    public static string Of(ComparisonOutcome outcome) => new HtmlReport(outcome).Write();

    private string Write()
    {
        var run = _outcome.Run;
        var title = $"Normalizing flows on {run.Data}";
        _html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escape(title)}</title>
            <style>
            {ReportStyle.Css}
            </style>
            </head>
            <body>
            <main>
            <h1>{Escape(title)}</h1>
            <p class="lead">{Escape(Summary())}</p>

            """);
        if (_outcome.Interrupted)
        {
            _html.Append("<p class=\"note\">The run was interrupted: what had been trained until then is shown.</p>\n");
        }

        Table();
        Curves();
        _html.Append(LayerSection.Html(_outcome.Contestants));
        Samples();
        Conditions();
        return _html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private string Summary()
    {
        var (plan, run) = (_outcome.Plan, _outcome.Run);
        var levels = run.Levels is { } count ? $", {count} levels" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {run.TrainItems:N0} training items {run.Shape}{levels}; each model has about {plan.Parameters:N0} parameters
            and trains for {Budget(plan)} with batches of {plan.Training.BatchSize}; measured on
            {_outcome.TestItems:N0} test items.
            """);
    }

    private static string Budget(ComparisonPlan plan)
    {
        var training = plan.Training;
        string[] limits =
        [
            .. training.Epochs is { } epochs ? [$"{Numbers.Count(epochs)} epochs"] : Array.Empty<string>(),
            .. training.Steps is { } steps ? [$"{Numbers.Count(steps)} steps"] : Array.Empty<string>(),
            .. training.Seconds is { } seconds ? [$"{Numbers.Plain(seconds)} seconds"] : Array.Empty<string>(),
        ];
        return string.Join(" or ", limits) + (limits.Length > 1 ? ", whichever ends first," : "");
    }

    private void Table()
    {
        _html.Append("<section>\n<h2>Results</h2>\n<div class=\"scroll\">\n<table>\n<thead><tr>");
        // Remarks stand below the name of the model.
        var columns = ComparisonTable.Columns.SkipLast(1).ToList();
        columns.ForEach(column => _html.Append(CultureInfo.InvariantCulture, $"<th>{Escape(column)}</th>"));
        _html.Append("</tr></thead>\n<tbody>\n");
        var rows = ComparisonTable.Rows(_outcome).ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            var isBest = i == 0 && _outcome.Ranking.Best is not null;
            var kind = i == rows.Count - 1 ? "baseline" : isBest ? ComparisonTable.Best : "";
            var remarks = rows[i][^1].Length == 0 ? "" : $"<small>{Escape(rows[i][^1])}</small>";
            _html.Append(CultureInfo.InvariantCulture, $"<tr class=\"{kind}\"><td>{Escape(rows[i][0])}{remarks}</td>");
            // On a narrow page each row is a list, in which the label of a cell stands before it.
            foreach (var (cell, column) in rows[i].Zip(columns).Skip(1))
            {
                _html.Append(
                    cell.Length == 0 ? "<td></td>" : $"<td data-label=\"{Escape(column)}\">{Escape(cell)}</td>");
            }

            _html.Append("</tr>\n");
        }

        _html.Append("</tbody>\n</table>\n</div>\n<ul>\n");
        foreach (var note in ComparisonNotes.Of(_outcome))
        {
            _html.Append(CultureInfo.InvariantCulture, $"<li>{Escape(note)}</li>\n");
        }

        _html.Append("</ul>\n").Append(ReportDefinitions.Html).Append("</section>\n");
    }

    private void Curves()
    {
        if (_outcome.Contestants.Count == 0)
        {
            return;
        }

        var inNats = _outcome.Contestants[0].Training.Unit == LossUnit.Nats;
        var validated = _outcome.Baseline.ValidationNllNats;
        var yTitle = $"{(validated is null ? "training" : "validation")} {(inNats ? "nats" : "bits/dim")}";
        var nats = validated ?? _outcome.Baseline.TrainNllNats;
        var baseline = (_outcome.Baseline.Name, inNats ? nats : _outcome.Baseline.Bits(nats));
        _html.Append("<section>\n<h2>Training</h2>\n<div class=\"pair\">\n");
        Chart(epoch => epoch.Step, "step");
        Chart(epoch => epoch.Seconds, "seconds");
        _html.Append("</div>\n");
        if (validated is not null)
        {
            _html.Append("<p class=\"soft\">A dot is the best validation, whose weights are kept.</p>\n");
        }

        _html.Append("</section>\n");

        void Chart(Func<EpochRecord, double> x, string xTitle) => _html.Append(
            CultureInfo.InvariantCulture, $"<div>{CurveChart.Draw(Series(x), xTitle, yTitle, baseline)}</div>\n");
    }

    private IReadOnlyList<Curve> Series(Func<EpochRecord, double> x) =>
        [.. _outcome.Contestants.Select(contestant => new Curve(
            contestant.Model.Title,
            [.. contestant.Training.History.Select(epoch => (X: x(epoch), Y: Loss(epoch)))
                .Where(point => point.Y is not null)
                .Select(point => (point.X, point.Y!.Value))])
        {
            MarksLowest = _outcome.Baseline.ValidationNllNats is not null,
        })];

    private double? Loss(EpochRecord epoch) =>
        _outcome.Baseline.ValidationNllNats is null ? epoch.TrainLoss : epoch.ValidationLoss;

    private void Samples()
    {
        if (_outcome.RealItems is null)
        {
            return;
        }

        _html.Append("<section>\n<h2>Samples</h2>\n<div class=\"grids\">\n");
        Picture("Real test items", _outcome.RealItems);
        foreach (var contestant in _outcome.Contestants.Where(contestant => contestant.Samples is not null))
        {
            Picture(contestant.Model.Title, contestant.Samples!);
        }

        _html.Append("</div>\n</section>\n");
    }

    private void Picture(string title, byte[] png) => _html.Append(
        CultureInfo.InvariantCulture,
        $"""
        <figure>
        <img alt="{Escape(title)}" src="data:image/png;base64,{Convert.ToBase64String(png)}">
        <figcaption>{Escape(title)}</figcaption>
        </figure>

        """);

    private void Conditions()
    {
        var (plan, run) = (_outcome.Plan, _outcome.Run);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Bijectors {run.Version}, libtorch {run.Torch}, {run.Runtime}, {run.System},
            {Numbers.Count(plan.Threads, "thread")} on {run.Processors} processors, seed {plan.Training.Seed}, runs for
            each model: {plan.Seeds}, learning rate {LearningRates()}, {run.Started:yyyy-MM-dd HH:mm} UTC.
            """);
        _html.Append(CultureInfo.InvariantCulture, $"<footer>{Escape(text)}</footer>\n");
    }

    private string LearningRates() => _outcome.Plan.LearningRate is { } all
        ? Numbers.Plain(all)
        : string.Join(
            ", ", _outcome.Contestants.Select(
                contestant => $"{contestant.Model.Title} {Numbers.Plain(contestant.Entry.LearningRate)}"));

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
