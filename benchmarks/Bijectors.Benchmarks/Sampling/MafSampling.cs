using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Sampling;

/// <summary>
/// Sampling from a masked autoregressive layer, on one thread or as many as asked for: its inverse by the incremental
/// pass of <see cref="Made"/> and by sweeps, against the loop that evaluates the whole network once for every feature;
/// and against a density pass of the same items.
/// </summary>
internal static class MafSampling
{
    private const int Hidden = 512;
    private const int Blocks = 2;
    private const int WarmUp = 1;
    private const int Count = 5;
    private const double Tolerance = 1e-5;

    private const string Inverse = "inverse, by the incremental pass";
    private const string Sweeps = "inverse, by sweeps";
    private const string Density = "density pass";
    private const string Loop = "a full pass for each feature";

    /// <summary>Prints the medians for each size.</summary>
    public static void Run(int threads)
    {
        set_num_threads(threads);
        using var leaving = no_grad();
        foreach (var features in (long[])[64, 784])
        {
            foreach (var batch in (long[])[4, 64])
            {
                Measure(features, batch, threads);
            }
        }
    }

    private static void Measure(long features, long batch, int threads)
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
            layer.Solution = CausalSolution.Incremental;
            var fast = rounds.Time(Inverse, () => layer.Inverse(y));
            layer.Solution = CausalSolution.Jacobi(Tolerance);
            var swept = rounds.Time(Sweeps, () => layer.Inverse(y));
            var slow = rounds.Time(Loop, () => ByFullPasses(net, scale, y));
            (difference, size) = (Math.Max(Largest(fast - slow), Largest(swept - slow)), Largest(slow));
        }

        double Passes(string name) => rounds[name].Elapsed / rounds[Density].Elapsed;

        Console.WriteLine($"D = {features}, hidden {Hidden}, {Blocks} blocks, batch {batch}, float32, {threads} "
            + $"thread{(threads == 1 ? "" : "s")}, {Count} rounds");
        rounds.Print();
        Console.WriteLine(
            $"{Passes(Inverse):F1} density passes, {Passes(Sweeps):F1} by {SweepsTo(net, scale, y)} sweeps to "
            + $"{Tolerance}; ratio {rounds[Loop].Elapsed / rounds[Inverse].Elapsed:F1}, largest difference "
            + $"{difference:G2} of samples up to {size:G3}");
        Console.WriteLine();
    }

    private static double Largest(Tensor values) => values.abs().max().item<float>();

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

    /// <summary>How many sweeps there are.</summary>
    private static int SweepsTo(Made net, ScaleMap scale, Tensor y)
    {
        var x = zeros_like(y);
        for (var sweep = 1; ; sweep++)
        {
            using var scope = NewDisposeScope();
            var (raw, shift) = net.ScaleAndShift(x, null);
            var next = (y - shift) * (-scale.LogScale(raw)).exp();
            var change = Largest(next - x);
            x.copy_(next);
            if (change <= Tolerance || sweep == net.Features)
            {
                return sweep;
            }
        }
    }
}
