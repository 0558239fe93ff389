using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Bijectors.Zoo;

/// <summary>A model's options as JSON and back, with messages that name the option.</summary>
internal static class OptionsJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Said, because programs that may be trimmed, single files among them, look for no types by themselves.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static JsonObject Write(object options, Type type) =>
        JsonSerializer.SerializeToNode(options, type, Format)!.AsObject();

    public static object Read(string whose, object basis, JsonObject changes, Type type)
    {
        var json = Write(basis, type);
        foreach (var (name, value) in changes)
        {
            var known = json.FirstOrDefault(row => row.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key
                ?? throw new ArgumentException(
                    $"{whose}: expected one of the options {string.Join(", ", json.Select(row => row.Key))}, "
                    + $"got '{name}'.");
            var old = json[known]?.ToJsonString() ?? "null";
            json[known] = value?.DeepClone();
            try
            {
                json.Deserialize(type, Format);
            }
            catch (JsonException exception)
            {
                var text = value?.ToJsonString() ?? "null";
                throw new ArgumentException(
                    $"{whose}: expected a value like {old} for the option {known}, got {text}.", exception);
            }
        }

        return json.Deserialize(type, Format)!;
    }

    /// <summary>A number, truth value or null where the text is one, otherwise the text itself.</summary>
    public static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
