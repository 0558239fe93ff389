using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>The times of all cases that were asked for.</summary>
/// <param name="Cases">The times, case by case.</param>
/// <param name="Peak">The fastest matrix product of the machine, operations a second.</param>
/// <param name="Threads">The number of threads of torch.</param>
/// <param name="AgainstEager">Whether the times in plain operations of torch were taken as well.</param>
internal sealed record BenchResult(IReadOnlyList<BenchMeasures> Cases, double Peak, int Threads, bool AgainstEager)
    : CommandResult
{
    public override JsonObject ToJson() => new()
    {
        ["matrix_peak_flops_per_s"] = Peak,
        ["threads"] = Threads,
        ["cases"] = new JsonArray([.. Cases.Select(BenchReport.Json)]),
    };

    public override void Print(Terminal terminal)
    {
        BenchReport.Print(terminal, Cases, Peak);
        if (AgainstEager)
        {
            BenchReport.PrintRatios(terminal, Cases);
        }

        terminal.Line(FormattableString.Invariant($"Matrix peak {Peak / 1e9:F0} GFLOP/s, {Threads} threads."));
    }
}
