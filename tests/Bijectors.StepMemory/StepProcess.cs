using System.Diagnostics;
using System.Globalization;

namespace Bijectors.StepMemory;

/// <summary>Measures a flow of some depth in a process of its own.</summary>
internal static class StepProcess
{
    /// <summary>The peak of the resident memory in a training step, and that memory before it, in bytes.</summary>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static (long Peak, long Before) Measure(bool reversible, int layers)
    {
        // The program lies beside whoever measures; it is run by the dotnet that runs us.
        var program = Path.Combine(AppContext.BaseDirectory, typeof(StepProcess).Assembly.GetName().Name + ".dll");
        var host =
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(
            host, ["exec", program, reversible ? "reversible" : "plain", layers.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var numbers = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && numbers is [var peak, var before]
            ? (long.Parse(peak, CultureInfo.InvariantCulture), long.Parse(before, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException(
                $"StepMemory: expected two numbers from {program}, got exit code {process.ExitCode}: {errors.Result}");
    }
}
