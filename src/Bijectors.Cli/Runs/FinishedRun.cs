using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>resume</c> gives of a run that has come to its end before.</summary>
/// <param name="Folder">Where the run is.</param>
/// <param name="Results">What came of it.</param>
internal sealed record FinishedRun(string Folder, JsonObject Results) : CommandResult
{
    public override bool IsAnswer => false;

    public override JsonObject ToJson() => Results.DeepClone().AsObject();

    public override void Print(Terminal terminal) => terminal.Line($"{Folder} is finished; there is nothing to do.");
}
