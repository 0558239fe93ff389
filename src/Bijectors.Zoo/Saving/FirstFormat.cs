using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>The metadata of a saved model, checked.</summary>
/// <param name="Model">The kind of model.</param>
/// <param name="Options">Its options.</param>
/// <param name="Shape">The shape of an item.</param>
/// <param name="Levels">The number of levels; null for continuous data.</param>
/// <param name="Context">The shape of a context; null for none.</param>
/// <param name="Data">What it was trained on.</param>
/// <param name="Seed">The seed of training.</param>
/// <param name="Columns">The names of the columns of an item.</param>
/// <param name="ContextColumns">The names of the columns of a context.</param>
internal sealed record SavedModelHeader(
    Model Model,
    object Options,
    Shape Shape,
    int? Levels,
    Shape? Context,
    string Data,
    int Seed,
    IReadOnlyList<string>? Columns,
    IReadOnlyList<string>? ContextColumns)
{
    /// <summary>What <see cref="SavedModel.Save"/> writes; files without a number are version 1.</summary>
    public const int FormatVersion = 1;

    // A flow of a few tensors more or less is made, so that the message can name them.
    private const long Slack = 1_000;

    // What an item may have, so that what is computed for each entry of it stays small.
    private const long LargestItem = 1 << 26;

    public static SavedModelHeader Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault("format") != "bijectors")
        {
            throw new SavedModelException($"{path}: expected a model saved by Bijectors, got tensors of another program.");
        }

        if (metadata.TryGetValue("formatVersion", out var version) && version != $"{FormatVersion}")
        {
            throw new SavedModelException(
                $"{path}: expected format version {FormatVersion}, got '{version}'; it was saved by a newer version of Bijectors, take that one.");
        }

        try
        {
            var model = Models.Named(metadata["model"]);
            return new SavedModelHeader(
                model,
                model.FromJson(JsonNode.Parse(metadata["options"])!.AsObject()),
                ItemShape(metadata["shape"]),
                Number(metadata["levels"]),
                metadata.GetValueOrDefault("context") is { Length: > 0 } context ? ItemShape(context) : null,
                metadata["data"],
                Number(metadata["seed"]) ?? 0,
                Names(metadata, "columns"),
                Names(metadata, "contextColumns"));
        }
        catch (KeyNotFoundException exception)
        {
            throw new SavedModelException($"{path}: expected all metadata of a saved model, got a part; {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or FormatException or OverflowException
            or InvalidOperationException)
        {
            throw new SavedModelException($"{path}: expected metadata of a saved model, got others: {exception.Message}", exception);
        }
    }

    /// <summary>The flow with its random start.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="numbers">How many numbers the file holds; a flow with more than twice as many is not made.</param>
    public Flow Create(string path, long numbers)
    {
        try
        {
            return MemoryLimit.Within((2 * numbers) + Slack, () => Model.Create(Shape, Options, Levels, Seed, Context));
        }
        catch (InsufficientMemoryException exception)
        {
            throw new SavedModelException(
                $"{path}: expected options of a {Model.Title} with the {numbers} numbers that the file holds, got those of a larger one; "
                + "the file is damaged.",
                exception);
        }
        catch (ArgumentException exception)
        {
            throw new SavedModelException(
                $"{path}: expected options that make a {Model.Title}, got others: {exception.Message}", exception);
        }
    }

    private static string[]? Names(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.GetValueOrDefault(key) is { Length: > 0 } text ? JsonSerializer.Deserialize<string[]>(text) : null;

    private static Shape ItemShape(string text)
    {
        var shape = Shape.Of(JsonSerializer.Deserialize<long[]>(text) ?? throw new ArgumentException("no sizes"));
        return shape.Size <= LargestItem
            ? shape
            : throw new ArgumentException($"an item of {shape}, more than {LargestItem} numbers");
    }

    private static int? Number(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
