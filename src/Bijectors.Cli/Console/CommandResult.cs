using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>
/// What a command gives: text for a person, or one JSON object. <see cref="Terminal.Give"/> writes the one that was
/// asked for, and nothing else writes results.
/// </summary>
internal abstract record CommandResult
{
    /// <summary>What the shell is told.</summary>
    public virtual ExitCode ExitCode => ExitCode.Success;

    /// <summary>One sentence for the error stream where the exit code says that something is wrong.</summary>
    public virtual string? Complaint => null;

    /// <summary>True where the result is what the command is for, so that it is written under --quiet as well; false
    /// where the command makes files, and the result says which.</summary>
    public virtual bool IsAnswer => true;

    /// <summary>The result for a program. Numbers that are not finite are null.</summary>
    public abstract JsonObject ToJson();

    /// <summary>Writes the result for a person.</summary>
    public abstract void Print(Terminal terminal);

    /// <summary>A number, or null where it is not finite, which JSON has no word for.</summary>
    protected static JsonValue? Number(double? value) =>
        value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>A list of texts.</summary>
    protected static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    /// <summary>The sizes of a shape.</summary>
    protected static JsonArray? Sizes(Shape? shape) =>
        shape is { } known ? new([.. known.ToArray().Select(size => (JsonNode?)JsonValue.Create(size))]) : null;
}
