using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Model;

/// <summary>A class that cannot take a generated half. Reported by the generator: without the half, C# stops before any analyzer runs.</summary>
internal sealed record Misdeclared(string Name, string Missing, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public Location Location => Location.Create(Path, Span, Lines);
}
