using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Sampling;

/// <summary>
/// Sampling from a masked autoregressive layer, on one thread: its inverse, which takes the incremental pass of <see cref="Made"/>, against the loop that evaluates the whole network once
/// for every feature; and against a density pass of the same items.
/// </summary>
internal static class MafSampling
{
    private const int Hidden = 512;
    private const int Blocks = 2;
    private const int WarmUp = 1;
    private const int Count = 5;

    private const string Inverse = "inverse, by the incremental pass";
    private const string Density = "density pass";
    private const string Loop = "a full pass for each feature";

    /// <summary>Prints the medians for each size.</summary>
    public static void Run()
    {
        set_num_threads(1);
        using var leaving = no_grad();
        foreach (var features in (long[])[64, 784])
        {
            foreach (var batch in (long[])[4, 64])
            {
                Measure(features, batch);
            }
        }
    }

    private static void Measure(long features, long batch)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var net = Net(features, generator);
        var scale = ScaleMap.Bounded();
        var layer = new MaskedAutoregressive(net, scale);
        var y = randn(batch, features, generator: generator);
        var (difference, size) = (0.0, 0.0);
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            using var inner = NewDisposeScope();
            rounds.Time(Density, () => layer.ForwardWithLogDet(y));
            var fast = rounds.Time(Inverse, () => layer.Inverse(y));
            var slow = rounds.Time(Loop, () => ByFullPasses(net, scale, y));
            (difference, size) = ((fast - slow).abs().max().item<float>(), slow.abs().max().item<float>());
        }

        Console.WriteLine($"D = {features}, hidden {Hidden}, {Blocks} blocks, batch {batch}, float32, 1 thread, {Count} rounds");
        rounds.Print();
        Console.WriteLine($"{rounds[Inverse].Elapsed / rounds[Density].Elapsed:F1} density passes; ratio {rounds[Loop].Elapsed / rounds[Inverse].Elapsed:F1}, largest difference {difference:G2} of samples up to {size:G3}");
        Console.WriteLine();
    }

    private static Made Net(long features, Generator generator)
    {
        var net = new Made(features, Hidden, Blocks, generator);
        foreach (var parameter in net.parameters())
        {
            // A new network is almost the identity, at which any two ways of sampling agree.
            using var noise = randn(parameter.shape, generator: generator);
            parameter.add_(noise, alpha: 0.02);
        }

        return net;
    }

    private static Tensor ByFullPasses(Made net, ScaleMap scale, Tensor y)
    {
        var x = zeros_like(y);
        for (var i = 0L; i < net.Features; i++)
        {
            using var scope = NewDisposeScope();
            var (raw, shift) = net.ScaleAndShift(x, null);
            var logScale = scale.LogScale(raw.narrow(-1, i, 1));
            x.narrow(-1, i, 1).copy_((y.narrow(-1, i, 1) - shift.narrow(-1, i, 1)) * (-logScale).exp());
        }

        return x;
    }
}
