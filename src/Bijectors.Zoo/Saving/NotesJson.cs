using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bijectors.Zoo;

/// <summary>Lists in the metadata of a saved model.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<double>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(long[]))]
internal sealed partial class NotesJson : JsonSerializerContext
{
    public static string Write(IReadOnlyList<string> names) =>
        JsonSerializer.Serialize(names, Default.IReadOnlyListString);

    public static string Write(IReadOnlyList<double> numbers) =>
        JsonSerializer.Serialize(numbers, Default.IReadOnlyListDouble);

    public static string Write(IReadOnlyDictionary<string, IReadOnlyList<string>> categories) =>
        JsonSerializer.Serialize(categories, Default.IReadOnlyDictionaryStringIReadOnlyListString);

    public static IReadOnlyDictionary<string, IReadOnlyList<string>>? ReadCategories(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyDictionaryStringIReadOnlyListString);

    public static IReadOnlyList<string>? ReadNames(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListString);

    public static IReadOnlyList<double>? ReadNumbers(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListDouble);

    public static long[]? ReadSizes(string json) => JsonSerializer.Deserialize(json, Default.Int64Array);
}
