using System.Runtime.CompilerServices;

namespace Bijectors.Tests;

/// <summary>The repository that the tests were built from; some of its files are tested.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    private static string Here([CallerFilePath] string path = "") => path;
}
