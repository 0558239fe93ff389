using System.Diagnostics;
using System.Globalization;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Generated;

/// <summary>
/// What the compiler writes against the same layers written by hand, with every temporary disposed, in turn.
/// </summary>
internal static class GeneratedLayers
{
    private const int WarmUp = 5;

    // Until the runtime has compiled both for good.
    private const int MillisecondsOfWarmUp = 300;
    private const int Count = 41;

    // A single call takes microseconds: as many as fill this time are measured together.
    private const double MillisecondsOfRound = 3;

    /// <summary>Prints a table of the medians.</summary>
    /// <param name="threads">How many threads both use.</param>
    public static void Run(int threads = 1)
    {
        MemoryTuning.ForSpeed();
        set_num_threads(threads);
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        Console.WriteLine($"float32, {threads} threads, medians of {Count} rounds, microseconds");
        Console.WriteLine($"{"",-36}{"",-26}{"generated",12}{"by hand",12}{"ratio",8}");
        foreach (var size in (long[])[8, 64, 512])
        {
            var net = new ResidualMlp(size / 2, size, 64, 1, generator);
            Measure($"affine coupling, 256 x {size}", new AffineCoupling(net), new CouplingByHand(net),
                randn(256, size, generator: generator));
        }

        foreach (var rows in (long[])[64, 512, 4096])
        {
            var x = randn(rows, 64, generator: generator);
            Measure($"scale and shift, {rows} x 64", new ActNorm(Shape.Vector(64)), new ActNormByHand(64), x);
            Measure($"sinh(2x + 1), {rows} x 64", new SinhLine(), new SinhLineByHand(), x);
            Measure($"sinh(asinh(x)/2 + 1), {rows} x 64", new SinhAsinh(), new SinhAsinhByHand(), x);
            Measure($"3 tanh(softplus(2x) - 1) + 1, {rows} x 64", new SoftTanh(), new SoftTanhByHand(), x);
        }
    }

    private static void Measure(string name, Bijector generated, Bijector byHand, Tensor x)
    {
        Tensor y;
        using (no_grad())
        {
            y = generated.Forward(x);
            CheckEqual(generated, byHand, x, y);
            Compare(name, "forward", generated, byHand, f => f.Forward(x).Dispose());
            Compare(name, "inverse", generated, byHand, f => f.Inverse(y).Dispose());
            Compare(
                name, "forward with log-det", generated, byHand, f => f.ForwardWithLogDet(x, eventRank: 1).Dispose());
            Compare(
                name, "inverse with log-det", generated, byHand, f => f.InverseWithLogDet(y, eventRank: 1).Dispose());
        }

        Compare(name, "forward and backward", generated, byHand, f => Backward(f, x));
    }

    private static void Compare(string name, string what, Bijector generated, Bijector byHand, Action<Bijector> act)
    {
        // Both run before either is measured: the first call loads, and the runtime compiles.
        var calls = 0;
        var warmUp = Stopwatch.StartNew();
        for (; warmUp.ElapsedMilliseconds < MillisecondsOfWarmUp; calls++)
        {
            act(generated);
            act(byHand);
        }

        calls = Math.Max(1, (int)(2 * calls * MillisecondsOfRound / warmUp.Elapsed.TotalMilliseconds));
        var (first, second, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < WarmUp + Count; round++)
        {
            // Who goes first changes: so does what the one leaves in caches to the other.
            var (a, b) = round % 2 == 0 ? (Time(generated), Time(byHand)) : Swapped(Time(byHand), Time(generated));
            if (round >= WarmUp)
            {
                first.Add(a);
                second.Add(b);
                ratios.Add(a / b);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44}{what,-24}{Rounds.Median(first),9:F1}{Rounds.Median(second),10:F1}"
            + $"{Rounds.Median(ratios),8:F2}"));

        double Time(Bijector f)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < calls; i++)
            {
                act(f);
            }

            return watch.Elapsed.TotalMicroseconds / calls;
        }

        static (double, double) Swapped(double b, double a) => (a, b);
    }

    private static void Backward(Bijector f, Tensor x)
    {
        using var scope = NewDisposeScope();
        f.zero_grad();
        var at = x.detach().requires_grad_();
        var (y, logDet) = f.ForwardWithLogDet(at, eventRank: 1);
        (y.sum() + logDet.sum()).backward();
    }

    private static void CheckEqual(Bijector generated, Bijector byHand, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (expectedY, expectedForward) = byHand.ForwardWithLogDet(x, eventRank: 1);
        var (_, forward) = generated.ForwardWithLogDet(x, eventRank: 1);
        var (expectedX, expectedInverse) = byHand.InverseWithLogDet(y, eventRank: 1);
        var (back, inverse) = generated.InverseWithLogDet(y, eventRank: 1);
        foreach (var (a, b) in new[] { (y, expectedY), (forward, expectedForward), (back, expectedX),
            (inverse, expectedInverse) })
        {
            if (!a.allclose(b, 1e-4, 1e-4, equal_nan: true))
            {
                throw new InvalidOperationException($"{generated}: expected what {byHand} gives.");
            }
        }
    }
}
