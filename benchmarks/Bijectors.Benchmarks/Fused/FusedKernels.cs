using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Fused;

/// <summary>The elementwise parts of couplings by the kernels and by the operations of torch, in one run: what the network says of a batch goes in, as a leaf.</summary>
internal static class FusedKernels
{
    private const int Threads = 2;
    private const long Batch = 4096;
    private const long Features = 64;
    private const int Bins = 8;
    private const double Bound = 3;
    private const int WarmUp = 3;
    private const int Count = 11;

    /// <summary>Prints the medians and how many times faster the kernels are.</summary>
    public static void Run()
    {
        set_num_threads(Threads);
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        Console.WriteLine($"{Batch} x {Features}, float32, {Threads} threads, {Count} rounds");
        var x = randn(Batch, Features, generator: generator);
        Spline(x, randn([Batch, Features * ((3 * Bins) - 1)], generator: generator));
    }

    private static void Spline(Tensor x, Tensor raw)
    {
        Measure(
            $"spline, {Bins} bins",
            x,
            raw,
            (at, table) =>
            {
                var (widths, heights, slopes) = RationalQuadratic.Parameters(table, Bins);
                return RationalQuadratic.MapWithLogSlope(at, widths, heights, slopes, Bound);
            },
            TorchSpline);
        Measure(
            $"spline, {Bins} bins, inverse",
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
        return (RationalQuadratic.Map(x, widths, heights, slopes, Bound), RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound));
    }

    private static (Tensor Value, Tensor LogSlope) TorchSplineInverse(Tensor y, Tensor table)
    {
        var (widths, heights, slopes) = RationalQuadratic.Parameters(table.unsqueeze(0), Bins);
        var x = RationalQuadratic.Inverse(y, widths, heights, slopes, Bound);
        return (x, RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound));
    }

    private static void Measure(
        string name, Tensor x, Tensor raw, Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> fused, Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> torch)
    {
        var rounds = new Rounds();
        var ways = new[] { ("fused", fused), ("torch", torch) };
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
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
        Console.WriteLine($"ratio {Ratio(rounds, $"{name}, forward")} forward, {Ratio(rounds, $"{name}, forward and backward")} forward and backward");
        Console.WriteLine();
    }

    private static string Ratio(Rounds rounds, string name) =>
        (rounds[$"{name}, torch"].Elapsed / rounds[$"{name}, fused"].Elapsed).ToString("F1", CultureInfo.InvariantCulture);

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
        ((0.5 * value.square().sum()) - logSlope.sum()).backward();
        return true;
    }
}
