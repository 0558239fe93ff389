using System.Globalization;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Frozen;

/// <summary>Densities and samples of flows and of their frozen copies, in turn, without gradients.</summary>
internal static class FrozenFlows
{
    private const int WarmUp = 5;
    private const int Count = 21;

    /// <summary>Prints the medians and how many times faster the frozen copy is.</summary>
    /// <param name="threads">How many threads both use.</param>
    public static void Run(int threads = 1)
    {
        MemoryTuning.ForSpeed();
        set_num_threads(threads);
        using var leaving = no_grad();
        Console.WriteLine($"float32, {threads} threads, {Count} rounds");
        Console.WriteLine();
        Measure("Glow 3x32x32",
            Glow.Create(Shape.Image(3, 32, 32), new GlowOptions { Levels = 2, Steps = 4, Hidden = 64 }), 16);
        Measure("Glow 3x32x32, one image",
            Glow.Create(Shape.Image(3, 32, 32), new GlowOptions { Levels = 2, Steps = 4, Hidden = 64 }), 1);
        Measure("MixerFlow 1x28x28", MixerFlow.Create(Shape.Image(1, 28, 28), new MixerFlowOptions { Patch = 4 }), 16);
        Measure("MAF of 784 features", Maf.Create(Shape.Vector(784), new MafOptions { Layers = 2, Hidden = 512 }), 64);
        Measure("matrices and norms, 64 features", Dense(64), 256);
        Measure("matrices and norms, 256 features", Dense(256), 256);
    }

    private static Flow Dense(long features) => Flow.On(Shape.Vector(features), seed: 0)
        .Repeat(4, layer => layer.ActNorm().Linear())
        .Into(Distribution.StandardNormal);

    private static void Measure(string name, Flow flow, long batch)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        foreach (var parameter in flow.parameters())
        {
            // A new flow is almost the identity.
            using var noise = randn(parameter.shape, generator: generator);
            parameter.add_(noise, alpha: 0.01);
        }

        using var frozen = flow.Frozen();
        var x = flow.Sample(batch, generator: generator);
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            foreach (var (kind, of) in new[] { ("as trained", flow), ("frozen", frozen) })
            {
                using var inner = NewDisposeScope();
                rounds.Time($"density, {kind}", () => of.LogProb(x));
                rounds.Time($"samples, {kind}", () => of.Sample(batch, generator: generator));
            }
        }

        Console.WriteLine($"{name}, batch {batch}");
        rounds.Print();
        Console.WriteLine($"ratio {Ratio(rounds, "density")} density, {Ratio(rounds, "samples")} samples");
        Console.WriteLine();
        flow.Dispose();
    }

    private static string Ratio(Rounds rounds, string what) =>
        (rounds[$"{what}, as trained"].Elapsed / rounds[$"{what}, frozen"].Elapsed)
            .ToString("F2", CultureInfo.InvariantCulture);
}
