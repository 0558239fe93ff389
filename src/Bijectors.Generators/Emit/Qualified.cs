using System.Text.RegularExpressions;
using Bijectors.Generators.Model;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Names of types in emitted code: whole, except where the class means the same by the last name alone.
/// </summary>
internal static class Qualified
{
    private static readonly Regex s_type =
        new(@"global::(TorchSharp\.torch\.Tensor\b|Bijectors\.\w+)", RegexOptions.CultureInvariant);

    /// <summary>A line with its names shortened.</summary>
    public static string Shorten(string line, EquatableArray<string> shortNames) =>
        shortNames.Count == 0 || !line.Contains("global::") ? line : s_type.Replace(line, match =>
        {
            var name = match.Groups[1].Value;
            return shortNames.Contains(name) ? name.Substring(name.LastIndexOf('.') + 1) : match.Value;
        });
}
