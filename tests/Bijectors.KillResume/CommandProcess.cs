using System.Diagnostics;

namespace Bijectors.KillResume;

/// <summary>Runs <c>bijectors</c> in a process of its own, and kills it as one likes.</summary>
internal static class CommandProcess
{
    // What .NET says of a process that SIGKILL has ended.
    private const int Killed = 128 + 9;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">What stands behind <c>bijectors</c>.</param>
    /// <param name="waits">Waits for the moment to kill the process, and says whether it came; null to let it
    /// run.</param>
    /// <returns>True where the process was killed, false where it ended well before.</returns>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static bool Run(IEnumerable<string> arguments, Func<Process, bool>? waits = null)
    {
        // The program lies beside whoever runs it; it is run by the dotnet that runs us.
        var program = Path.Combine(AppContext.BaseDirectory, "bijectors.dll");
        var self = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (waits?.Invoke(process) == true)
        {
            process.Kill();
        }

        process.WaitForExit();
        return process.ExitCode is 0 or Killed
            ? process.ExitCode == Killed
            : throw new InvalidOperationException(
                $"bijectors: expected exit code 0 or a kill, got {process.ExitCode}: "
                + $"{errors.Result}{output.Result}");
    }
}
