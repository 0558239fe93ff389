using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>The metadata of a saved model, checked.</summary>
internal sealed record SavedModelHeader(Model Model, object Options, Shape Shape, int? Levels, int? ContextSize, string Data, int Seed)
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
                Number(metadata["contextSize"]),
                metadata["data"],
                Number(metadata["seed"]) ?? 0);
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
        Flow flow;
        try
        {
            flow = MemoryLimit.Within((2 * numbers) + Slack, () => Model.Create(Shape, Options, Levels, Seed));
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

        if (flow.ContextSize == ContextSize)
        {
            return flow;
        }

        flow.Dispose();
        throw new SavedModelException(
            $"{path}: expected a model without context or with one of its own size, got a context of {ContextSize}.");
    }

    private static Shape ItemShape(string text)
    {
        var shape = Shape.Of(JsonSerializer.Deserialize<long[]>(text) ?? throw new ArgumentException("no sizes"));
        return shape.Size <= LargestItem
            ? shape
            : throw new ArgumentException($"an item of {shape}, more than {LargestItem} numbers");
    }

    private static int? Number(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
