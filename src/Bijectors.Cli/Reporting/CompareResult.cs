using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>compare</c> gives: the table of models, and where its files are.</summary>
/// <param name="Outcome">What came of the comparison.</param>
/// <param name="Folder">Where the files were to go.</param>
internal sealed record CompareResult(ComparisonOutcome Outcome, string Folder) : CommandResult
{
    /// <summary>Why the files are not there, as a sentence; null where they are.</summary>
    public string? NotWritten { get; init; }

    public override ExitCode ExitCode =>
        NotWritten is not null ? ExitCode.Failure
        : Outcome.Interrupted ? ExitCode.Interrupted
        : Outcome.Failed.Count > 0 ? ExitCode.Failure
        : ExitCode.Success;

    public override string? Complaint =>
        NotWritten ?? (Outcome.Interrupted ? "interrupted; what had been trained is written."
            : Outcome.Failed is [var first, ..] ? $"{first}"
            : null);

    public override JsonObject ToJson()
    {
        var json = ResultsJson.ObjectOf(Outcome);
        json["folder"] = NotWritten is null ? Folder : null;
        return json;
    }

    public override void Print(Terminal terminal)
    {
        ComparisonTable.Print(terminal, Outcome);
        if (NotWritten is null)
        {
            terminal.Line($"Written: {Path.Combine(Folder, "report.html")}, results.json and sample grids beside it.");
        }
    }
}
