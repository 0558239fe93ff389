using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>completions</c> gives: a script.</summary>
/// <param name="Shell">The shell.</param>
internal sealed record CompletionsResult(string Shell) : CommandResult
{
    public override JsonObject ToJson() => new()
    {
        ["shell"] = Shell,
        ["script"] = CompletionScripts.Of(Shell),
    };

    public override void Print(Terminal terminal) => terminal.Line(CompletionScripts.Of(Shell));
}
