using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Model;

/// <summary>Names and constants as C# writes them.</summary>
internal static class CSharp
{
    /// <summary>
    /// A name as it can be written anywhere: keywords with an @, also those that are ones in some places only.
    /// </summary>
    public static string Identifier(string name) => SyntaxFacts.IsReservedKeyword(SyntaxFacts.GetKeywordKind(name))
        || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None || name is "field" or "extension" ? "@" + name
            : name;

    /// <summary>A constant as C# of its own type; null where there is no literal for it.</summary>
    public static string? Literal(object constant) => constant switch
    {
        double d when double.IsNaN(d) || double.IsInfinity(d) => "double." + NotFinite(d),
        float f when float.IsNaN(f) || float.IsInfinity(f) => "float." + NotFinite(f),
        double d => d.ToString("R", CultureInfo.InvariantCulture) + "d",
        float f => f.ToString("R", CultureInfo.InvariantCulture) + "f",
        decimal m => m.ToString(CultureInfo.InvariantCulture) + "m",
        int i => i.ToString(CultureInfo.InvariantCulture),
        long l => l.ToString(CultureInfo.InvariantCulture) + "L",
        uint u => u.ToString(CultureInfo.InvariantCulture) + "U",
        ulong u => u.ToString(CultureInfo.InvariantCulture) + "UL",
        byte b => $"((byte){b.ToString(CultureInfo.InvariantCulture)})",
        sbyte b => $"((sbyte){b.ToString(CultureInfo.InvariantCulture)})",
        short s => $"((short){s.ToString(CultureInfo.InvariantCulture)})",
        ushort s => $"((ushort){s.ToString(CultureInfo.InvariantCulture)})",
        bool b => b ? "true" : "false",
        string s => SymbolDisplay.FormatLiteral(s, quote: true),
        char c => SymbolDisplay.FormatLiteral(c, quote: true),
        _ => null,
    };

    private static string NotFinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "PositiveInfinity"
        : "NegativeInfinity";
}
