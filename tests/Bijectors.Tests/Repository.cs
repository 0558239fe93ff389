using System.Runtime.CompilerServices;

namespace Bijectors.Tests;

/// <summary>The repository that the tests were built from; some of its files are tested.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>
    /// The files with an ending in some folders of the repository and all below, or in the whole of it; without what
    /// builds and tools write.
    /// </summary>
    public static IEnumerable<string> Files(string ending, params string[] folders) =>
        (folders.Length == 0 ? [Root] : folders.Select(folder => Path.Combine(Root, folder)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(IsWritten));

    private static bool IsWritten(string folder) =>
        folder is "bin" or "obj" or "artifacts" or "BenchmarkDotNet.Artifacts" or "TestResults"
        || (folder.StartsWith('.') && folder.Length > 1);

    private static string Here([CallerFilePath] string path = "") => path;
}
