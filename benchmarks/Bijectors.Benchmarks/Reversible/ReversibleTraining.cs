using System.Diagnostics;
using System.Globalization;
using Bijectors.StepMemory;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Reversible;

/// <summary>
/// What <see cref="Flow.Reversible"/> costs and saves: time of the gradients of a batch and difference of the gradients
/// here, peak memory in processes of their own. One thread, at the allocator's defaults for the time, returning freed
/// memory for the peak.
/// </summary>
internal static class ReversibleTraining
{
    private const int Layers = 32;
    private const int WarmUp = 3;
    private const int Count = 41;

    /// <summary>Prints all of it.</summary>
    public static void Run()
    {
        set_num_threads(1);
        Memory();
        using var scope = NewDisposeScope();
        Time($"{Layers} affine couplings, 1024 points", DeepFlow.Create(Layers), DeepFlow.Batch(1024));
        foreach (var name in (string[])["glow", "realnvp", "mixerflow"])
        {
            using var generator = new Generator(0);
            Time($"{name}, 64 images of 8 x 8", Models.Named(name).Create(Shape.Image(1, 8, 8), levels: 17),
                17 * rand(64, 1, 8, 8, generator: generator));
        }

        Difference();
    }

    private static void Memory()
    {
        Console.WriteLine(
            $"{"peak of resident memory",-28}{"8 layers",12}{"128 layers",12}{"ratio",8}{"above start",24}");
        foreach (var reversible in (bool[])[false, true])
        {
            var (few, many) = (StepProcess.Measure(reversible, 8), StepProcess.Measure(reversible, 128));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Mode(reversible),-28}{Megabytes(few.Peak),12}{Megabytes(many.Peak),12}"
                + $"{(double)many.Peak / few.Peak,8:F2}"
                + $"{Megabytes(few.Peak - few.Before),12}{Megabytes(many.Peak - many.Before),12}"));
        }

        Console.WriteLine();
    }

    private static void Time(string what, Flow flow, Tensor batch)
    {
        var rounds = new Rounds();
        var ratios = new List<double>();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
                ratios.Clear();
            }

            // What else the machine does changes within a second: the ratio is taken of neighbours.
            ratios.Add(Elapsed(true) / Elapsed(false));
        }

        double Elapsed(bool reversible)
        {
            flow.Reversible(reversible);
            var watch = Stopwatch.StartNew();
            rounds.Time(Mode(reversible), () =>
            {
                DeepFlow.Step(flow, batch);
                return 0;
            });
            return watch.Elapsed.TotalMilliseconds;
        }

        Console.WriteLine($"{what}, float32, 1 thread, {Count} rounds");
        rounds.Print();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios.Order().ElementAt(Count / 2):F2}"));
        Console.WriteLine();
    }

    /// <summary>At weights as after some training: at the start couplings are the identity.</summary>
    private static void Difference()
    {
        var flow = DeepFlow.Create(Layers);
        flow.to(ScalarType.Float64);
        using (no_grad())
        {
            using var generator = new Generator(2);
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(randn(parameter.shape, ScalarType.Float64, generator: generator), alpha: 0.01);
            }
        }

        var batch = DeepFlow.Batch(256, ScalarType.Float64);
        List<Tensor> Gradients(bool reversible)
        {
            DeepFlow.Step(flow.Reversible(reversible), batch);
            return [.. flow.parameters().Select(parameter => parameter.grad!.clone())];
        }

        var differences = Gradients(false)
            .Zip(Gradients(true), (plain, back) => ((plain - back).abs().max() / plain.abs().max()).ToDouble());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Layers} affine couplings, float64: largest difference of a gradient, relative to its largest entry: "
            + $"{differences.Max():G2}"));
    }

    private static string Mode(bool reversible) => reversible ? "reversible" : "plain";

    private static string Megabytes(long bytes) => $"{bytes >> 20} MiB";
}
