using System.Text.RegularExpressions;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Names of types in emitted code: whole, except where the class means the same by the last name alone, or means
/// nothing by it, so that a directive may give it the meaning.
/// </summary>
internal sealed class Qualified(EquatableArray<string> shortNames)
{
    private static readonly Regex s_type = new(
        @"global::(TorchSharp\.torch\.Tensor\b|Bijectors\.(?:CompilerServices\.)?\w+)", RegexOptions.CultureInvariant);

    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);

    /// <summary>The directives that the shortened lines need.</summary>
    public IEnumerable<string> Directives => _services.Select(name => $"using {Last(name)} = global::{name};");

    /// <summary>A line with its names shortened.</summary>
    public string Shorten(string line) =>
        shortNames.Count == 0 || !line.Contains("global::") ? line : s_type.Replace(line, match =>
        {
            var name = match.Groups[1].Value;
            if (!shortNames.Contains(name))
            {
                return match.Value;
            }

            if (name.StartsWith(Expressions.ServiceSpace, StringComparison.Ordinal))
            {
                _services.Add(name);
            }

            return Last(name);
        });

    private static string Last(string name) => name.Substring(name.LastIndexOf('.') + 1);
}
