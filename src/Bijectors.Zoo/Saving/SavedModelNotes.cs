using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>What a file says of a model besides the flow itself.</summary>
/// <param name="Model">The kind of model; null for a flow that is none of the zoo.</param>
/// <param name="Options">Its options.</param>
/// <param name="Data">What it was trained on.</param>
/// <param name="Seed">The seed of training.</param>
/// <param name="Columns">The names of the columns of an item.</param>
/// <param name="ContextColumns">The names of the columns of a context.</param>
/// <param name="ContextCategories">The names of the categories of those columns that hold some.</param>
/// <param name="Noise">The deviation of the noise it was trained with, in the unit of its items.</param>
/// <param name="Training">How it was trained; empty where nobody said.</param>
/// <param name="LogDensities">Log-densities of items that it was not trained on, in rising order.</param>
/// <param name="Center">The mean of the training items, entry by entry.</param>
internal sealed record SavedModelNotes(
    Model? Model,
    object? Options,
    string Data,
    int Seed,
    IReadOnlyList<string>? Columns,
    IReadOnlyList<string>? ContextColumns,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? ContextCategories,
    double Noise,
    string Training,
    IReadOnlyList<double>? LogDensities,
    IReadOnlyList<double>? Center)
{
    private const string ContextCategoriesKey = "contextCategories";
    private const string LogDensitiesKey = "logDensities";
    private const string CenterKey = "center";

    /// <summary>What a file says; a file without a model says nothing of one.</summary>
    /// <exception cref="SavedModelException">The metadata are not those of a saved model.</exception>
    public static SavedModelNotes Read(string path, IReadOnlyDictionary<string, string> metadata) =>
        Checked(path, () =>
        {
            var model = metadata.GetValueOrDefault("model") is { Length: > 0 } name ? Models.Named(name) : null;
            return new SavedModelNotes(
                model,
                model?.FromJson(JsonNode.Parse(metadata["options"])!.AsObject()),
                metadata.GetValueOrDefault("data") ?? "",
                Number(metadata.GetValueOrDefault("seed")) ?? 0,
                Names(metadata, "columns"),
                Names(metadata, "contextColumns"),
                metadata.GetValueOrDefault(ContextCategoriesKey) is { Length: > 0 } text
                    ? NotesJson.ReadCategories(text) : null,
                Deviation(metadata.GetValueOrDefault("noise")),
                metadata.GetValueOrDefault("training") ?? "",
                Rising(Numbers(metadata, LogDensitiesKey)),
                Numbers(metadata, CenterKey));
        });

    /// <summary>The metadata.</summary>
    public Dictionary<string, string> Write()
    {
        var metadata =
            new Dictionary<string, string> { ["data"] = Data, ["seed"] = Seed.ToString(CultureInfo.InvariantCulture) };
        if (Model is not null)
        {
            metadata["model"] = Model.Name;
            metadata["options"] = Model.ToJson(Options!).ToJsonString();
        }

        if (Noise > 0)
        {
            metadata["noise"] = Noise.ToString("R", CultureInfo.InvariantCulture);
        }

        if (Training.Length > 0)
        {
            metadata["training"] = Training;
        }

        Add("columns", Columns);
        Add("contextColumns", ContextColumns);
        if (ContextCategories is not null)
        {
            metadata[ContextCategoriesKey] = NotesJson.Write(ContextCategories);
        }

        AddNumbers(LogDensitiesKey, LogDensities);
        AddNumbers(CenterKey, Center);
        return metadata;

        void Add(string key, IReadOnlyList<string>? names)
        {
            if (names is not null)
            {
                metadata[key] = NotesJson.Write(names);
            }
        }

        void AddNumbers(string key, IReadOnlyList<double>? numbers)
        {
            if (numbers is not null)
            {
                metadata[key] = NotesJson.Write(numbers);
            }
        }
    }

    /// <summary>Reads metadata, and turns what is wrong with them into one sentence.</summary>
    internal static T Checked<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KeyNotFoundException exception)
        {
            throw new SavedModelException(
                $"{path}: expected all metadata of a saved model, got a part; {exception.Message}", exception);
        }
        catch (Exception exception)
            when (exception is ArgumentException or JsonException or FormatException or OverflowException
                or InvalidOperationException)
        {
            throw new SavedModelException(
                $"{path}: expected metadata of a saved model, got others: {exception.Message}", exception);
        }
    }

    internal static int? Number(string? text) =>
        string.IsNullOrEmpty(text) ? null : int.Parse(text, CultureInfo.InvariantCulture);

    private static double Deviation(string? text) =>
        string.IsNullOrEmpty(text) ? 0
        : double.Parse(text, CultureInfo.InvariantCulture) is > 0 and < double.PositiveInfinity and var noise ? noise
        : throw new FormatException($"expected noise of a deviation above 0, got '{text}'.");

    private static IReadOnlyList<string>? Names(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.GetValueOrDefault(key) is { Length: > 0 } text ? NotesJson.ReadNames(text) : null;

    private static IReadOnlyList<double>? Numbers(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.GetValueOrDefault(key) is { Length: > 0 } text ? NotesJson.ReadNumbers(text) : null;

    private static IReadOnlyList<double>? Rising(IReadOnlyList<double>? numbers) =>
        numbers is null || numbers.Zip(numbers.Skip(1)).All(pair => pair.First <= pair.Second)
            ? numbers : throw new FormatException($"expected {LogDensitiesKey} in rising order, got others.");
}
