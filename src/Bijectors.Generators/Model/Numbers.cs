using System.Globalization;

namespace Bijectors.Generators.Model;

/// <summary>Doubles as C#.</summary>
internal static class Numbers
{
    public static string Literal(double value) =>
        double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
