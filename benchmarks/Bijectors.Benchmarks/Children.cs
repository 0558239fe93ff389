using System.Diagnostics;

namespace Bijectors.Benchmarks;

/// <summary>This program again, in a process of its own.</summary>
internal static class Children
{
    /// <summary>Runs it and gives the words it prints.</summary>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static string[] Run(params string[] arguments)
    {
        var host =
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(
            host, ["exec", typeof(Children).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var words = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0
            ? words
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: exit code {process.ExitCode}.");
    }
}
