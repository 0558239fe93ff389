using System.Reflection;

namespace Bijectors.Benchmarks.Compiling;

/// <summary>
/// Bijectors as people write them, one of each kind that the forward language has: the files of <c>Kinds</c>, where
/// <c>#</c> stands for what differs between copies.
/// </summary>
internal static class Templates
{
    private const string Head = """
        using Bijectors;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace User;


        """;

    private static readonly string[] s_bodies =
        [.. Resources.GetManifestResourceNames().Where(name => name.EndsWith(".template", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The number of kinds.</summary>
    public static int Kinds => s_bodies.Length;

    private static Assembly Resources => typeof(Templates).Assembly;

    /// <summary>Files with one bijector each, all different, the kinds in turn.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> Files(int count) =>
        [.. Enumerable.Range(0, count)
            .Select(i => Head + s_bodies[i % Kinds].Replace("#", $"{(i / Kinds) + 1}", StringComparison.Ordinal))];

    private static string Read(string name)
    {
        using var reader = new StreamReader(Resources.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
