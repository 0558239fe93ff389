using System.Globalization;
using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Fused;

/// <summary>
/// The elementwise parts of couplings by the kernels and by the operations of torch, in one run: what the network says
/// of a batch goes in, as a leaf.
/// </summary>
internal static class FusedKernels
{
    private const long Batch = 4096;
    private const long Features = 64;
    private const int Bins = 8;
    private const double Bound = 3;
    private const int WarmUp = 3;
    private const int Count = 11;

    /// <summary>Prints the medians and how many times faster the kernels are.</summary>
    /// <param name="threads">How many threads both use; on a busy machine one is measured best.</param>
    public static void Run(int threads = 2)
    {
        set_num_threads(threads);
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        Console.WriteLine($"rows of {Features}, {Bins} bins, float32, {threads} threads, {Count} rounds of "
            + "splines and more of what is faster");
        var x = randn(Batch, Features, generator: generator);
        foreach (var rows in new[] { Batch / 8, Batch / 4, Batch / 2, Batch })
        {
            Affine(x.narrow(0, 0, rows), randn([rows, 2 * Features], generator: generator));
        }

        foreach (var rows in new[] { 2, Batch })
        {
            Spline(x.narrow(0, 0, rows), randn([rows, Features * ((3 * Bins) - 1)], generator: generator));
        }
    }

    private static void Affine(Tensor x, Tensor raw)
    {
        var scale = ScaleMap.Bounded();
        Measure(
            $"affine, {x.shape[0]} rows",
            x,
            raw,
            (at, both) =>
            {
                var parts = both.split([Features, Features], -1);
                var logScale = scale.LogScale(parts[0]);
                return (Elementwise.ScaleShift(at, logScale, parts[1]), logScale);
            },
            (at, both) =>
            {
                var logScale = 2 * (both.narrow(-1, 0, Features) / 2).tanh();
                return ((at * logScale.exp()) + both.narrow(-1, Features, Features), logScale);
            });
    }

    private static void Spline(Tensor x, Tensor raw)
    {
        Measure(
            $"spline, {x.shape[0]} rows",
            x,
            raw,
            (at, table) =>
            {
                var (widths, heights, slopes) = RationalQuadratic.Parameters(table, Bins);
                return RationalQuadratic.MapWithLogSlope(at, widths, heights, slopes, Bound);
            },
            TorchSpline);
        Measure(
            $"spline, {x.shape[0]} rows, inverse",
            x,
            raw,
            (at, table) =>
            {
                var (widths, heights, slopes) = RationalQuadratic.Parameters(table, Bins);
                return RationalQuadratic.InverseWithLogSlope(at, widths, heights, slopes, Bound);
            },
            TorchSplineInverse);
    }

    // A dimension in front of the parameters: what is broadcast the kernels leave to torch.
    private static (Tensor Value, Tensor LogSlope) TorchSpline(Tensor x, Tensor table)
    {
        var (widths, heights, slopes) = RationalQuadratic.Parameters(table.unsqueeze(0), Bins);
        return (RationalQuadratic.Map(x, widths, heights, slopes, Bound),
            RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound));
    }

    private static (Tensor Value, Tensor LogSlope) TorchSplineInverse(Tensor y, Tensor table)
    {
        var (widths, heights, slopes) = RationalQuadratic.Parameters(table.unsqueeze(0), Bins);
        var x = RationalQuadratic.Inverse(y, widths, heights, slopes, Bound);
        return (x, RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound));
    }

    private static void Measure(
        string name, Tensor x, Tensor raw, Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> fused,
        Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> torch)
    {
        var rounds = new Rounds();
        var ways = new[] { ("fused", fused), ("torch", torch) };

        // Small tensors take less time to measure than a moment of something else on the machine.
        var (warmUp, count) = raw.numel() <= 2 * Batch * Features ? (100, 200) : (WarmUp, Count);
        for (var round = 0; round < warmUp + count; round++)
        {
            if (round == warmUp)
            {
                rounds.Forget();
            }

            foreach (var (way, map) in ways)
            {
                rounds.Time($"{name}, forward, {way}", () => Forward(map, x, raw));
                rounds.Time($"{name}, forward and backward, {way}", () => Backward(map, x, raw));
            }
        }

        rounds.Print();
        Console.WriteLine($"ratio {Ratio(rounds, $"{name}, forward")} forward, "
            + $"{Ratio(rounds, $"{name}, forward and backward")} forward and backward");
        Console.WriteLine();
    }

    private static string Ratio(Rounds rounds, string name) =>
        (rounds[$"{name}, torch"].Elapsed / rounds[$"{name}, fused"].Elapsed)
            .ToString("F2", CultureInfo.InvariantCulture);

    private static bool Forward(Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> map, Tensor x, Tensor raw)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var (_, logSlope) = map(x, raw);
        logSlope.sum(-1);
        return true;
    }

    private static bool Backward(Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> map, Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        var (at, table) = (x.detach().requires_grad_(), raw.detach().requires_grad_());
        var (value, logSlope) = map(at, table);
        var logDet = logSlope.sum(-1);
        autograd.backward([value.reshape(x.shape), logDet.flatten()], [x, logDet.detach().flatten()]);
        return true;
    }
}
