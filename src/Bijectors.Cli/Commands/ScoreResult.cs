using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>score</c> gives: a file of scored rows.</summary>
/// <param name="File">The file.</param>
/// <param name="Scores">The log-density of each row, in nats.</param>
internal sealed record ScoreResult(string File, IReadOnlyList<double> Scores) : CommandResult
{
    /// <summary>The columns that were written.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>What was attributed; null where that was not asked for.</summary>
    public Attribution? Attribution { get; init; }

    /// <summary>Over how many estimates each log-density is averaged; null where they are exact.</summary>
    public int? Estimates { get; init; }

    /// <summary>The largest standard error of a mean of estimates, in nats; null where it is not known.</summary>
    public double? StandardError { get; init; }

    public override bool IsAnswer => false;

    private int Outside => Scores.Count(double.IsNegativeInfinity);

    private double? Mean => Scores.Where(double.IsFinite).ToList() is { Count: > 0 } finite ? finite.Average() : null;

    public override JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["rows"] = Scores.Count,
        ["columns"] = Texts(Columns),
        ["meanLogProb"] = Number(Mean),
        ["outsideSupport"] = Outside,
        ["estimates"] = Estimates,
        ["standardError"] = Number(StandardError),
        ["attribution"] = Attribution is null ? null : new JsonObject
        {
            ["missing"] = Attribution.Missing,
            ["integrationError"] = Number(Attribution.Missed),
        },
    };

    public override void Print(Terminal terminal)
    {
        var mean = Mean is { } known ? Numbers.Measure(known, null) : "no finite number of";
        terminal.Line(
            $"Written: {File}, {Numbers.Count(Scores.Count)} rows, {mean} nats on average"
            + (Outside > 0 ? $" but for {Numbers.Count(Outside)} outside the support" : ""));
        if (Attribution is { } attribution)
        {
            terminal.Line(
                FormattableString.Invariant(
                    $"The integration of attributions was off by {attribution.Missed:0.0e+0} nats on average, ")
                + "which are shared among the features"
                + (attribution.Missing > 0
                    ? $"; {Numbers.Count(attribution.Missing)} rows have none, since they are outside the support."
                    : "."));
        }

        if (Estimates is { } count)
        {
            terminal.Line("The log-densities are estimates" + (StandardError is { } worst
                ? $", means of {Numbers.Count(count)}, with standard errors of up to {Numbers.Measure(worst, null)} "
                    + "nats."
                : "; --draws gives means."));
        }
    }
}
