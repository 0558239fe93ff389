using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Sampling;

/// <summary>
/// Sampling from an autoregressive layer by deep sigmoids, on one thread or as many as asked for, against a density
/// pass of the same items; and the roots of one feature by the kernel, against brackets in operations of torch.
/// </summary>
internal static class NafSampling
{
    private const int Hidden = 128;
    private const int Units = 8;
    private const int WarmUp = 1;
    private const int Count = 5;

    private const string Density = "density pass";
    private const string Inverse = "inverse";
    private const string Kernel = "roots of a feature, by the kernel";
    private const string Brackets = "roots of a feature, between brackets";

    /// <summary>Prints the medians for each size.</summary>
    public static void Run(int threads)
    {
        set_num_threads(threads);
        using var leaving = no_grad();
        foreach (var (features, batch) in ((long, long)[])[(64, 64), (64, 256), (784, 4), (784, 64)])
        {
            Measure(features, batch, threads);
        }
    }

    private static void Measure(long features, long batch, int threads)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var transformer = Transformer.DeepSigmoid(Units);
        var net = new Made(
            features, Hidden, 2, generator, options: new() { Outputs = transformer.ParameterCount });
        foreach (var parameter in net.parameters())
        {
            parameter.add_(randn(parameter.shape, generator: generator), alpha: 0.05);
        }

        var layer = new Autoregressive(net, transformer);
        var y = randn(batch, features, generator: generator);
        Tensor[] mixture = [.. new[] { 1.0, 0.5, 2 }.Select(size => size * randn(batch, Units, generator: generator))];
        var column = y.select(1, 0).clone();
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            using var inner = NewDisposeScope();
            rounds.Time(Density, () => layer.ForwardWithLogDet(y));
            rounds.Time(Inverse, () => layer.Inverse(y));
            rounds.Time(Kernel, () => SigmoidMixture.Inverse(column, mixture[0], mixture[1], mixture[2]));
            rounds.Time(Brackets, () => MonotoneInverse.Of(
                column, x => SigmoidMixture.Map(x, mixture[0], mixture[1], mixture[2])));
        }

        Console.WriteLine($"D = {features}, hidden {Hidden}, {Units} sigmoids, batch {batch}, float32, {threads} "
            + $"thread{(threads == 1 ? "" : "s")}, {Count} rounds");
        rounds.Print();
        Console.WriteLine($"{rounds[Inverse].Elapsed / rounds[Density].Elapsed:F1} density passes; "
            + $"brackets / kernel {rounds[Brackets].Elapsed / rounds[Kernel].Elapsed:F0}");
        Console.WriteLine();
    }
}
