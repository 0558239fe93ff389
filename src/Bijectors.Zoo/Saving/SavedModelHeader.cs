using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>The metadata of a saved model, checked.</summary>
internal sealed record SavedModelHeader(Model Model, object Options, Shape Shape, int? Levels, int? ContextSize, string Data, int Seed)
{
    public static SavedModelHeader Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault("format") != "bijectors")
        {
            throw new SavedModelException($"{path}: expected a model saved by Bijectors, got tensors of another program.");
        }

        try
        {
            var model = Models.Named(metadata["model"]);
            return new SavedModelHeader(
                model,
                model.FromJson(JsonNode.Parse(metadata["options"])!.AsObject()),
                Shape.Of(JsonSerializer.Deserialize<long[]>(metadata["shape"])),
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
    public Flow Create(string path)
    {
        Flow flow;
        try
        {
            flow = Model.Create(Shape, Options, Levels, Seed);
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

    private static int? Number(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
