using System.Text.Json.Nodes;
using Bijectors.Testing;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>What <c>check</c> gives: which laws hold of a flow, and how exactly it inverts itself.</summary>
/// <param name="Title">What the model is called.</param>
/// <param name="Shape">The shape of an item.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Data">At which data the flow was looked at; null for samples of its own.</param>
/// <param name="Laws">The laws.</param>
/// <param name="Invertibility">How exactly it inverts itself.</param>
/// <param name="Outside">How many items have no density, as a sentence; null where all have one.</param>
internal sealed record CheckResult(
    string Title, Shape Shape, long Parameters, string? Data, IReadOnlyList<LawResult> Laws,
    InvertibilityReport Invertibility, string? Outside) : CommandResult
{
    private IReadOnlyList<LawResult> Broken => [.. Laws.Where(law => !law.Passed)];

    public override ExitCode ExitCode => Broken.Count == 0 ? ExitCode.Success : ExitCode.Failure;

    public override string? Complaint => Broken.Count == 0
        ? null
        : $"{Broken.Count} of {Laws.Count} laws do not hold: {string.Join(", ", Broken.Select(law => law.Law))}.";

    public override JsonObject ToJson() => new()
    {
        ["model"] = Title,
        ["shape"] = Sizes(Shape),
        ["parameters"] = Parameters,
        ["laws"] = new JsonArray([.. Laws.Select(law => (JsonNode)new JsonObject
        {
            ["law"] = law.Law,
            ["holds"] = law.Passed,
            ["message"] = law.Message,
        })]),
        ["invertibility"] = new JsonObject
        {
            ["data"] = Data,
            ["points"] = Invertibility.Count,
            ["roundTripWorst"] = Number(Invertibility.RoundTrip.Worst),
            ["roundTripMedian"] = Number(Invertibility.RoundTrip.Median),
            ["sampleRoundTripWorst"] = Number(Invertibility.SampleRoundTrip.Worst),
            ["logDetWorst"] = Number(Invertibility.LogDet.Worst),
            ["outsideSupport"] = Number(Invertibility.OutsideSupport),
            ["notFinite"] = Number(Invertibility.NotFinite),
            ["saturated"] = Number(Invertibility.Saturated),
            ["worstLayer"] = Invertibility.WorstLayer.Path,
            ["warnings"] = Texts(Invertibility.Warnings),
        },
        ["outside"] = Outside,
    };

    public override void Print(Terminal terminal)
    {
        terminal.Line($"{Title}, items {Shape}, {Numbers.Count(Parameters)} parameters");
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Law", "Holds", "What it says");
        foreach (var law in Laws)
        {
            table.AddRow(
                Markup.Escape(law.Law),
                law.Passed ? "[green]yes[/]" : "[red]NO[/]",
                Markup.Escape(law.Passed ? law.Message : "see below"));
        }

        terminal.Ansi.Write(table);
        foreach (var law in Broken)
        {
            terminal.Line("");
            terminal.Line(law.Message);
        }

        terminal.Line("");
        terminal.Line($"How exactly it inverts itself, {(Data is null ? "at samples of its own" : $"at {Data}")}:");
        terminal.Line(Invertibility.ToString().TrimEnd());
        if (Outside is not null)
        {
            terminal.Line(Outside);
        }
    }
}
