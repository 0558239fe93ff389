using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bijectors.Cli;

/// <summary>An entry of a row: a number, the name of a category, or null where it is missing.</summary>
/// <param name="Number">The number; null for none.</param>
/// <param name="Text">The name of a category; null for none.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct Cell(double? Number, string? Text = null)
{
    /// <summary>As it stands in JSON.</summary>
    public override string ToString() => Text is not null
        ? JsonSerializer.Serialize(Text)
        : Number is { } number ? FormattableString.Invariant($"{number}") : "null";

    private sealed class Converter : JsonConverter<Cell>
    {
        public override bool HandleNull => true;

        public override Cell Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Number => new(reader.GetDouble()),
                JsonTokenType.String => new(null, reader.GetString()),
                JsonTokenType.Null => default,
                _ => throw new JsonException("expected a number, a name or null"),
            };

        public override void Write(Utf8JsonWriter writer, Cell cell, JsonSerializerOptions options)
        {
            if (cell.Text is not null)
            {
                writer.WriteStringValue(cell.Text);
            }
            else if (cell.Number is { } number && double.IsFinite(number))
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
