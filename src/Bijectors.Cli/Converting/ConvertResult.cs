using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>convert</c> gives: a file, and what it holds.</summary>
/// <param name="File">The file.</param>
/// <param name="Shape">The shape of an array or a table, or of the items of a model.</param>
/// <param name="Dtype">The dtype of its numbers.</param>
internal sealed record ConvertResult(string File, IReadOnlyList<long> Shape, ScalarType Dtype) : CommandResult
{
    /// <summary>How far log-densities at samples differ from those before, in nats; null for none.</summary>
    public double? LogProbChange { get; init; }

    public override bool IsAnswer => false;

    public override JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["shape"] = new JsonArray([.. Shape.Select(size => (JsonNode)size)]),
        ["dtype"] = Name,
        ["logProbChange"] = Number(LogProbChange),
    };

    public override void Print(Terminal terminal) => terminal.Line(
        $"Written: {File}, ({string.Join(", ", Shape)}) {Name}"
        + (LogProbChange is { } change
            ? FormattableString.Invariant($"; log-densities at samples change by up to {change:0.0e+0} nats")
            : ""));

    private string Name => Dtype.ToString().ToLowerInvariant();
}
