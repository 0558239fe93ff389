using System.Globalization;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Scoring;

/// <summary>How many points a flow scores and draws in a second, by batch size and threads.</summary>
internal static class Throughput
{
    private const int Points = 100_000;
    private const int Features = 64;
    private const int WarmUp = 1;
    private const int Count = 5;

    /// <summary>Prints a table.</summary>
    public static void Run()
    {
        MemoryTuning.ForSpeed();
        using var scope = NewDisposeScope();
        using var leaving = no_grad();
        using var generator = new Generator(0);
        var flow = RealNvp.Create(Shape.Vector(Features), new RealNvpOptions());
        var x = randn(Points, Features, generator: generator);
        var rounds = new Rounds();
        var ways = (from threads in (int[])[1,
            2] from batch in (int[])[64, 256, 1024, 4096, Points] select (threads, batch)).ToList();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            foreach (var (threads, batch) in ways)
            {
                set_num_threads(threads);
                rounds.Time(Name("score", threads, batch), () =>
                {
                    Evaluation.LogProb(flow, x, batchSize: batch).Dispose();
                    return true;
                });
                rounds.Time(Name("draw", threads, batch), () =>
                {
                    for (var drawn = 0; drawn < Points; drawn += batch)
                    {
                        flow.Sample(Math.Min(batch, Points - drawn), generator: generator).Dispose();
                    }

                    return true;
                });
            }
        }

        Console.WriteLine($"RealNVP at its defaults, {Points} x {Features}, float32, {Count} rounds");
        Console.WriteLine($"{"threads",8}{"batch",10}{"scored a second",18}{"drawn a second",18}");
        foreach (var (threads, batch) in ways)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{threads,8}{batch,10}{PerSecond("score", threads, batch),18:N0}"
                + $"{PerSecond("draw", threads, batch),18:N0}"));
        }

        double PerSecond(string what, int threads, int batch) =>
            Points / rounds[Name(what, threads, batch)].Elapsed * 1e3;
    }

    private static string Name(string what, int threads, int batch) => $"{what} {threads} {batch}";
}
