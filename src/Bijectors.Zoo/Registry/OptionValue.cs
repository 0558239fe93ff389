using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>
/// The value of an option as JSON and back. By its type and not by a serializer, which would have to look for code that
/// a program compiled ahead of time does not hold.
/// </summary>
internal static class OptionValue
{
    /// <summary>A value as JSON.</summary>
    public static JsonNode? Write(object? value) => value switch
    {
        null => null,
        int number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        bool truth => JsonValue.Create(truth),
        Enum constant => JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(constant.ToString())),
        int[][] lists => new JsonArray([.. lists.Select(List)]),
        _ => throw new NotSupportedException(
            $"Options: expected whole numbers, numbers, truth values, constants or lists, got {value.GetType().Name}."),
    };

    /// <summary>A value of a type from JSON.</summary>
    /// <exception cref="JsonException">It is of another kind.</exception>
    public static object? Read(JsonNode? json, Type type)
    {
        if (json is null)
        {
            return type.IsValueType ? throw new JsonException($"expected a value of {type.Name}, got null") : null;
        }

        // As text and back, since what a program has made itself is not read as a number of another type.
        using var document = JsonDocument.Parse(json.ToJsonString());
        return Read(document.RootElement, type);
    }

    private static object Read(JsonElement json, Type type) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => json.GetBoolean(),
        JsonValueKind.Number when type == typeof(int) && json.TryGetInt32(out var whole) => whole,
        JsonValueKind.Number when type == typeof(double) && json.TryGetDouble(out var number) => number,
        JsonValueKind.String when type.IsEnum && Constant(json.GetString()!, type) is { } constant => constant,
        JsonValueKind.Array when type == typeof(int[][]) => json.EnumerateArray().Select(List).ToArray(),
        _ => throw new JsonException($"expected a value of {type.Name}, got {json.ValueKind}"),
    };

    private static object? Constant(string text, Type type) =>
        Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse(type, name)
            : null;

    private static int[] List(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? [.. json.EnumerateArray().Select(number => (int)Read(number, typeof(int)))]
        : throw new JsonException($"expected a list, got {json.ValueKind}");

    private static JsonNode List(int[] numbers) =>
        new JsonArray([.. numbers.Select(number => (JsonNode)JsonValue.Create(number))]);
}
