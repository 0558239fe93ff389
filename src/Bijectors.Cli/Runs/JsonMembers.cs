using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>Members of a JSON object that a person may have changed.</summary>
internal static class JsonMembers
{
    /// <summary>A member that is a text; null where it is none, or not there.</summary>
    public static string? Text(this JsonObject? json, string key) =>
        json?[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? (string?)value : null;

    /// <summary>A member that is a number; null where it is none, or not there.</summary>
    public static double? Real(this JsonObject? json, string key) =>
        json?[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? (double?)value : null;
}
