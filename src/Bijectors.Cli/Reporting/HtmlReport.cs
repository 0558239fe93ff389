using System.Globalization;
using System.Net;
using System.Text;
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
        Samples();
        Conditions();
        return _html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private string Summary()
    {
        var (plan, run) = (_outcome.Plan, _outcome.Run);
        var budget = plan.Training.Seconds is { } seconds ? $"{seconds:0.#} seconds" : $"{plan.Training.Epochs} epochs";
        var levels = run.Levels is { } count ? $", {count} levels" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {run.TrainItems:N0} training items {run.Shape}{levels}; each model has about {plan.Parameters:N0} parameters and
            trains for {budget} with batches of {plan.Training.BatchSize}; measured on {run.TestItems:N0} test items.
            """);
    }

    private void Table()
    {
        _html.Append("<section>\n<h2>Results</h2>\n<div class=\"scroll\">\n<table>\n<thead><tr>");
        foreach (var column in ComparisonTable.Columns)
        {
            _html.Append($"<th>{Escape(column)}</th>");
        }

        _html.Append("</tr></thead>\n<tbody>\n");
        var rows = ComparisonTable.Rows(_outcome).ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            var kind = i == rows.Count - 1 ? "baseline" : i == 0 ? "best" : "";
            _html.Append($"<tr class=\"{kind}\">{string.Concat(rows[i].Select(cell => $"<td>{Escape(cell)}</td>"))}</tr>\n");
        }

        _html.Append(
            """
            </tbody>
            </table>
            </div>
            <dl>
            <dt>Test bits/dim</dt><dd>Mean of -log p(x) / (D ln 2) over the test items: how many bits a code built on the
            model needs for one entry. Lower is better. Levels are dequantized with uniform noise, so for them it is an
            upper bound. With several seeds: mean ± standard error.</dd>
            <dt>Round trip</dt><dd>The reconstruction error: largest |x - inverse(forward(x))| over all entries of the test
            items, where levels are scaled to [0, 1).</dd>
            <dt>Log-det error</dt><dd>Largest difference, per dimension and in float32, between the log-determinant that the
            model computes and that of its Jacobian by automatic differentiation, at a few test items.</dd>
            <dt>Baseline</dt><dd>A density whose entries are independent, fitted to the training items: what a model gains
            on it is what it knows about how entries belong together.</dd>
            </dl>
            </section>

            """);
    }

    private void Curves()
    {
        if (_outcome.Contestants.Count == 0)
        {
            return;
        }

        var inNats = _outcome.Contestants[0].Training.Unit == LossUnit.Nats;
        var yTitle = inNats ? "validation nats" : "validation bits/dim";
        var baseline = (_outcome.Baseline.Name, inNats ? _outcome.Baseline.TestNllNats : _outcome.Baseline.TestBitsPerDimension);
        _html.Append("<section>\n<h2>Training</h2>\n<div class=\"pair\">\n");
        _html.Append(CurveChart.Draw(Series(epoch => epoch.Step), "step", yTitle, baseline)).Append('\n');
        _html.Append(CurveChart.Draw(Series(epoch => epoch.Seconds), "seconds", yTitle, baseline)).Append('\n');
        _html.Append("</div>\n</section>\n");
    }

    private IReadOnlyList<Curve> Series(Func<EpochRecord, double> x) =>
        [.. _outcome.Contestants.Select(contestant => new Curve(
            contestant.Model.Title,
            [.. contestant.Training.History.Select(epoch => (x(epoch), epoch.ValidationLoss ?? epoch.TrainLoss))]))];

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
            Bijectors {run.Version}, libtorch {run.Torch}, {run.Runtime}, {run.System}, {plan.Threads} threads on
            {run.Processors} processors, seed {plan.Training.Seed}, runs for each model: {plan.Seeds}, learning rate
            {LearningRates(plan)}, {run.Started:yyyy-MM-dd HH:mm} UTC.
            """);
        _html.Append($"<footer>{Escape(text)}</footer>\n");
    }

    private static string LearningRates(ComparisonPlan plan) => plan.LearningRate is { } all
        ? all.ToString(CultureInfo.InvariantCulture)
        : string.Join(", ", plan.Models.Select(model => string.Create(CultureInfo.InvariantCulture, $"{model.Title} {model.LearningRate}")));

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
