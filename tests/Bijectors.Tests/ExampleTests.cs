using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bijectors.Tests;

/// <summary>Examples that say what came of them.</summary>
public class ExampleTests
{
    [Fact]
    public void Three_ways_to_train_by_an_energy_come_to_it()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Objectives.dll");
        var self = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", program]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var divergences = Regex.Matches(output, @"KL\(q \|\| p\) = (-?[0-9.]+) nats")
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal((0, 3), (process.ExitCode, divergences.Count));

        // Of 10,000 points; what is not negative in truth may be a little by chance.
        Assert.All(divergences, divergence => Assert.InRange(divergence, -0.01, 0.05));
    }
}
