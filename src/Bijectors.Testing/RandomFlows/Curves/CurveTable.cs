using System.Reflection;

namespace Bijectors.Testing.RandomFlows;

/// <summary>Every elementwise bijector that numbers make. A new one is found by itself.</summary>
internal static class CurveTable
{
    private static readonly Dictionary<string, Curve> s_named =
        In(typeof(Bijector).Assembly).ToDictionary(curve => curve.Name);

    /// <summary>Those of Core.</summary>
    public static IReadOnlyList<Curve> All { get; } =
        [.. s_named.Values.OrderBy(curve => curve.Name, StringComparer.Ordinal)];

    /// <summary>The public ones of an assembly.</summary>
    public static IEnumerable<Curve> In(Assembly assembly) =>
        assembly.GetExportedTypes().Select(Curve.Of).OfType<Curve>();

    public static Curve Named(string name) => s_named[name];
}
