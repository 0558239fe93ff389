using System.Globalization;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Memory;

/// <summary>
/// What share of the bandwidth of the memory layers reach: the bytes that must be moved, each input read once and each
/// output written once, against a copy of a large tensor in the same run.
/// </summary>
internal static class MovedBytes
{
    private const long Rows = 1 << 16;
    private const long Features = 64;
    private const int Bins = 8;
    private const long SplineRows = 1 << 13;
    private const int WarmUp = 3;
    private const int Count = 21;
    private const double Bound = 3;

    private const string Copy = "copy of a tensor into another";

    /// <summary>Prints the shares.</summary>
    /// <param name="threads">How many threads are used.</param>
    public static void Run(int threads = 1)
    {
        MemoryTuning.ForSpeed();
        set_num_threads(threads);
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var x = randn(Rows, Features, generator: generator);
        var into = empty_like(x);
        var points = randn(SplineRows, Features, generator: generator);
        var table = randn([SplineRows, Features * ((3 * Bins) - 1)], generator: generator);
        var (widths, heights, slopes) = RationalQuadratic.Parameters(table, Bins);
        var once = 2 * x.numel();
        var ofSpline = points.numel() * (3 + (3 * Bins) - 1);
        var rounds = new Rounds();
        var things = new List<(string Name, long Numbers, Action Act)>
        {
            (Copy, once, () => into.copy_(x)),
            ("a copy that is a new tensor", once, () => x.clone().Dispose()),
        };
        foreach (var (name, layer) in new (string, Bijector)[]
        {
            ("ActNorm", new ActNorm(Shape.Vector(Features))), ("Scale", new Scale(2)),
            ("LeakyRelu", new LeakyRelu(0.1)), ("Exp", new Exp()), ("Tanh", new Tanh()), ("Softplus", new Softplus()),
            ("ElementPermutation", new ElementPermutation(
                Shape.Vector(Features), [.. Enumerable.Range(0, (int)Features).Select(i => (7L * i) % Features)])),
        })
        {
            var y = layer.Forward(x);
            things.Add(($"{name}, forward", once, () => layer.Forward(x).Dispose()));
            things.Add(($"{name}, inverse", once, () => layer.Inverse(y).Dispose()));
            things.Add(($"{name}, forward with log-det", once + Rows,
                () => layer.ForwardWithLogDet(x, eventRank: 1).Dispose()));
        }

        things.Add(("spline with log-slope, forward", ofSpline,
            () => RationalQuadratic.MapWithLogSlope(points, widths, heights, slopes, Bound).Dispose()));
        things.Add(("spline with log-slope, inverse", ofSpline,
            () => RationalQuadratic.InverseWithLogSlope(points, widths, heights, slopes, Bound).Dispose()));
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            foreach (var (name, _, act) in things)
            {
                rounds.Time(name, () =>
                {
                    act();
                    return true;
                });
            }
        }

        Print(things, rounds, threads);
    }

    private static void Print(List<(string Name, long Numbers, Action Act)> things, Rounds rounds, int threads)
    {
        var bandwidth = Speed(things[0].Numbers, rounds[Copy].Elapsed);
        Console.WriteLine($"float32, {Rows} x {Features} points, {SplineRows} x {Features} of {Bins} bins for the "
            + $"splines, {threads} threads, {Count} rounds");
        Console.WriteLine($"{"",-36}{"median",12}{"must move",12}{"GB/s",8}{"of the copy",14}");
        foreach (var (name, numbers, _) in things)
        {
            var speed = Speed(numbers, rounds[name].Elapsed);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-36}{Rounds.Text(rounds[name].Elapsed),12}{numbers * sizeof(float) >> 20,8} "
                + $"MiB{speed,8:F1}{100 * speed / bandwidth,12:F0} %"));
        }
    }

    private static double Speed(long numbers, double milliseconds) => numbers * sizeof(float) / milliseconds / 1e6;
}
