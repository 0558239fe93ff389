using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>sample</c> gives: a file of samples.</summary>
/// <param name="File">The file.</param>
/// <param name="Samples">How many samples.</param>
/// <param name="Shape">The shape of one.</param>
/// <param name="Title">What the model is called.</param>
internal sealed record SampleResult(string File, long Samples, Shape Shape, string Title) : CommandResult
{
    public override bool IsAnswer => false;

    public override JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["samples"] = Samples,
        ["shape"] = Sizes(Shape),
        ["model"] = Title,
    };

    public override void Print(Terminal terminal) =>
        terminal.Line($"Written: {File}, {Samples} samples {Shape} of {Title}");
}
