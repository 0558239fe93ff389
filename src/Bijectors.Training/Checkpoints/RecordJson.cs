using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bijectors.Training;

/// <summary>Lists of a checkpoint as JSON, numbers with all their digits.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<long>))]
[JsonSerializable(typeof(IReadOnlyList<EpochRecord>))]
[JsonSerializable(typeof(ValidationScore))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    public static string Write(IReadOnlyList<long> places) =>
        JsonSerializer.Serialize(places, Default.IReadOnlyListInt64);

    public static string Write(IReadOnlyList<EpochRecord> history) =>
        JsonSerializer.Serialize(history, Default.IReadOnlyListEpochRecord);

    public static IReadOnlyList<long> ReadPlaces(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListInt64) ?? [];

    public static IReadOnlyList<EpochRecord> ReadHistory(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListEpochRecord) ?? [];
}
