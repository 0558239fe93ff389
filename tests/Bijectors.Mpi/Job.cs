using System.Diagnostics;

namespace Bijectors.Mpi;

/// <summary>A process of this program, or several of them that <c>mpirun</c> starts together.</summary>
internal static class Job
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "Bijectors.Mpi.dll");

    /// <summary>Whether there is an <c>mpirun</c>, and what it says of itself.</summary>
    public static string? Launcher()
    {
        try
        {
            return Run("mpirun", ["--version"]).Output.Split('\n')[0];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs one case on some ranks, and gives what they write, their exit code and how long it took.</summary>
    public static (string Output, string Error, int ExitCode, double Seconds) Start(
        int ranks, params string[] arguments)
    {
        var self = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self! : "dotnet";
        string[] command = [host, "exec", s_program, .. arguments];
        return ranks == 1
            ? Run(command[0], command[1..])
            : Run("mpirun", [.. Options(), "-np", $"{ranks}", .. command]);
    }

    /// <summary>The same, of a case that must end well.</summary>
    /// <exception cref="InvalidOperationException">It did not.</exception>
    public static string Output(int ranks, params string[] arguments)
    {
        var (output, error, exitCode, _) = Start(ranks, arguments);
        return exitCode == 0 ? output : throw new InvalidOperationException(
            $"{string.Join(' ', arguments)} on {ranks} ranks: expected exit code 0, got {exitCode}: {error}{output}");
    }

    // More ranks than processors, and as root in a container, where Open MPI asks for consent.
    private static string[] Options() => Launcher()!.Contains("Open MPI", StringComparison.Ordinal)
        ? ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
        : [];

    private static (string Output, string Error, int ExitCode, double Seconds) Run(
        string program, IReadOnlyList<string> arguments)
    {
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // One thread a rank; the numbers do not depend on it, the times do.
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (output.Result, error.Result, process.ExitCode, clock.Elapsed.TotalSeconds);
    }
}
