using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bijectors.Cli;

/// <summary>What is wrong with JSON, for whoever wrote it: types of this program mean nothing to them.</summary>
internal static partial class JsonFault
{
    /// <summary>What came, as the end of a sentence without its full stop.</summary>
    public static string Of(JsonException exception)
    {
        var (message, place) = (exception.Message.ReplaceLineEndings(" "), exception.Path ?? "$");
        if (MissingPattern().Match(message) is { Success: true } missing)
        {
            return $"none of the members that are required: {missing.Groups[1].Value}";
        }

        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return $"a member that there is not, {place}";
        }

        // Of another type, or null where there must be a value.
        return message.Contains("could not be converted", StringComparison.Ordinal)
            || message.Contains("null values", StringComparison.Ordinal)
            ? $"a value of another kind at {place}"
            : $"no JSON: {message.Split(". ")[0].TrimEnd('.')}";
    }

    [GeneratedRegex("missing required properties including: (.*?)\\.? ?(?:Path:.*)?$")]
    private static partial Regex MissingPattern();
}
