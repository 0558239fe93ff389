using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>serve</c> gives as soon as it listens; it runs until it is stopped.</summary>
/// <param name="Title">What the model is called.</param>
/// <param name="Shape">The shape of an item.</param>
/// <param name="Address">Where it listens.</param>
internal sealed record ServeResult(string Title, Shape Shape, string Address) : CommandResult
{
    public override JsonObject ToJson() => new()
    {
        ["model"] = Title,
        ["shape"] = Sizes(Shape),
        ["address"] = Address,
    };

    public override void Print(Terminal terminal) =>
        terminal.Line($"Serving {Title} of {Shape}: {Address}; Ctrl-C stops.");
}
