using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Starting;

/// <summary>The time from the start of a process to the first log-density of a small flow.</summary>
internal static class StartUp
{
    private const int Count = 5;

    private static readonly string[] s_stages =
        ["start of the runtime", "load of torch", "a flow is made", "first log-density", "second log-density"];

    /// <summary>Prints the medians of fresh processes.</summary>
    public static void Run()
    {
        var rounds = new Rounds();
        for (var round = 0; round < Count; round++)
        {
            var words = Children.Run("startup", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
            var times = words.Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToList();
            rounds.Add("start to first log-density", times[3]);
            for (var i = 0; i < s_stages.Length; i++)
            {
                rounds.Add("  " + s_stages[i], i == 0 ? times[0] : times[i] - times[i - 1]);
            }
        }

        rounds.Print();
    }

    /// <summary>Goes through the stages and prints when each was done, in milliseconds since a moment.</summary>
    /// <param name="since">A time stamp of the stopwatch, which is the same clock for all processes.</param>
    public static void Child(long since)
    {
        var times = new List<double> { Stopwatch.GetElapsedTime(since).TotalMilliseconds };
        using var x = zeros(16, 2);
        Add();
        using var flow = Flow.On(Shape.Vector(2), seed: 0)
            .Repeat(4, (layers, i) => layers.AffineCoupling(
                hidden: 32, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()))
            .Into(Distribution.StandardNormal);
        Add();
        for (var i = 0; i < 2; i++)
        {
            flow.LogProb(x).Dispose();
            Add();
        }

        Console.WriteLine(string.Join(' ', times.Select(time => time.ToString("F2", CultureInfo.InvariantCulture))));

        void Add() => times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }
}
