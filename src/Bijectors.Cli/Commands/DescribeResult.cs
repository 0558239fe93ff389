using System.Text.Json.Nodes;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What <c>describe</c> gives: how a flow is built, its options, and how it was trained.</summary>
/// <param name="Title">What the model is called.</param>
/// <param name="Table">The layers as a table of text.</param>
/// <param name="Json">The same for a program.</param>
/// <param name="Options">The options of the model; null for a flow that is none of the zoo.</param>
/// <param name="Training">How it was trained; empty where nobody said.</param>
internal sealed record DescribeResult(
    string Title, string Table, JsonObject Json, JsonObject? Options, string Training) : CommandResult
{
    public static DescribeResult Of(SavedModel described) => new(
        described.Title,
        described.Flow.Describe().TrimEnd(),
        Flow(described),
        described.Model?.ToJson(described.Options!),
        described.Training);

    public override JsonObject ToJson()
    {
        var json = Json.DeepClone().AsObject();
        json["options"] = Options?.DeepClone();
        json["training"] = Training.Length > 0 ? Training : null;
        return json;
    }

    public override void Print(Terminal terminal)
    {
        terminal.Line(Table);
        if (Options is not null)
        {
            terminal.Line("");
            terminal.Line($"Options of {Title}:");
            foreach (var (option, value) in Options)
            {
                terminal.Line($"  {option} = {value?.ToJsonString() ?? "null"}");
            }
        }

        if (Training.Length > 0)
        {
            terminal.Line("");
            terminal.Line($"Trained with {Training}");
        }
    }

    private static JsonObject Flow(SavedModel described)
    {
        var flow = described.Flow;
        return new()
        {
            ["model"] = described.Model?.Name,
            ["data"] = described.Data,
            ["seed"] = described.Seed,
            ["shape"] = Sizes(flow.EventShape),
            ["levels"] = flow.Levels,
            ["context"] = Sizes(flow.ContextShape),
            ["columns"] = described.Columns is { } columns ? Texts(columns) : null,
            ["categories"] = new JsonObject(flow.Categories.OrderBy(column => column.Key).Select(column =>
                KeyValuePair.Create(SavedSchema.NameOf(described, column.Key), (JsonNode?)Texts(column.Value)))),
            ["mayBeMissing"] = Texts([.. flow.MissingColumns.Select(column => SavedSchema.NameOf(described, column))]),
            ["contextColumns"] = described.ContextColumns is { } given ? Texts(given) : null,
            ["dtype"] = flow.Dtype.ToString().ToLowerInvariant(),
            ["parameters"] = flow.ParameterCount,
            ["layers"] = new JsonArray([.. flow.DescriptionLines().Select(line => (JsonNode)new JsonObject
            {
                ["name"] = line.Name.Trim(),
                ["depth"] = (line.Name.Length - line.Name.TrimStart().Length) / 2,
                ["output"] = Sizes(line.Output),
                ["parameters"] = line.Parameters,
                ["facts"] = line.Facts,
            })]),
        };
    }
}
