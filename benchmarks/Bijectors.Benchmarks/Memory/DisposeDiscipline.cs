using System.Diagnostics;
using System.Globalization;
using Bijectors.Benchmarks.Generated;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Memory;

/// <summary>
/// The same training with temporaries disposed at once, as the library does, and left to the garbage collector: time of
/// a step and peak of resident memory, each in a process of its own.
/// </summary>
internal static class DisposeDiscipline
{
    private const int Steps = 300;
    private const int WarmUp = 20;
    private const double LearningRate = 1e-4;

    // The collector does not see the memory behind a tensor: without an end the process would be killed.
    private const long Limit = 3L << 30;

    private static readonly Dictionary<string, (int Layers, long Features, long Hidden, long Batch)> s_flows = new()
    {
        ["small"] = (4, 8, 32, 128),
        ["middle"] = (8, 64, 128, 256),
    };

    /// <summary>Prints both for both flows.</summary>
    public static void Run()
    {
        Console.WriteLine($"float32, 1 thread, at most {Steps} steps or {Limit >> 30} GiB");
        Console.WriteLine($"{"",-48}{"step",12}{"peak",12}{"before",12}{"steps",8}");
        foreach (var (name, flow) in s_flows)
        {
            foreach (var mode in (string[])["disposed", "collected"])
            {
                var words = Children.Run("dispose", mode, name);
                var title = $"{name}: {flow.Layers} couplings, {flow.Batch} x {flow.Features}, {mode}";
                Console.WriteLine(
                    $"{title,-48}{words[0] + " ms",12}{words[1] + " MiB",12}{words[2] + " MiB",12}{words[3],8}");
            }
        }
    }

    /// <summary>
    /// Trains in this process and prints the median time of a step, the peak of resident memory, that memory before,
    /// and the number of steps.
    /// </summary>
    public static void Child(bool disposes, string name)
    {
        set_num_threads(1);
        var (layers, features, hidden, batch) = s_flows[name];
        using var generator = new Generator(0);
        var couplings = Enumerable.Range(0, layers)
            .Select(_ => Layer(new ResidualMlp(features / 2, features, hidden, 1, generator)));
        var flow = new Flow(Shape.Vector(features),
            couplings.Aggregate((first, second) => first >> new Reverse() >> second), Distribution.StandardNormal);
        var x = randn(batch, features, generator: generator);
        using var adam = new FlatAdam(flow);
        Disposed(flow, x, adam);
        var before = Status("VmRSS");
        var times = new List<double>();
        for (var step = 0; step < Steps && Status("VmRSS") < Limit; step++)
        {
            var watch = Stopwatch.StartNew();
            if (disposes)
            {
                Disposed(flow, x, adam);
            }
            else
            {
                Step(flow, x, adam);
            }

            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var median = times.Skip(Math.Min(WarmUp, times.Count / 2)).Order()
            .ElementAt((times.Count - Math.Min(WarmUp, times.Count / 2)) / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{median:F2} {Status("VmHWM") >> 20} {before >> 20} {times.Count}"));

        Bijector Layer(Conditioner net) => disposes ? new CouplingByHand(net) : new CouplingLeftBehind(net);
    }

    private static void Disposed(Flow flow, Tensor x, FlatAdam adam)
    {
        using var scope = NewDisposeScope();
        Step(flow, x, adam);
    }

    private static void Step(Flow flow, Tensor x, FlatAdam adam)
    {
        adam.ZeroGradients();
        (-flow.LogProb(x).mean()).backward();
        adam.Step(LearningRate);
    }

    private static long Status(string key) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(key + ":", StringComparison.Ordinal))
        .Select(line => long.Parse(
            line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .Single();
}
