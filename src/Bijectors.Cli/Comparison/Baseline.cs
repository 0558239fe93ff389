using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Cli;

/// <summary>
/// A density whose entries are independent: a smoothed histogram for each pixel of data with levels, a Gaussian for
/// each entry of continuous data. What a flow gains on it is what it knows about how entries belong together.
/// </summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="TestNllNats">Mean <c>-log p(x)</c> of the test items, nats per item.</param>
/// <param name="TestBitsPerDimension">The same as <c>nats / (D ln 2)</c>.</param>
internal sealed record Baseline(string Name, double TestNllNats, double TestBitsPerDimension)
{
    private const long SliceItems = 1_000;

    public static Baseline Of(Tensor train, Tensor test, int? levels)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var (name, nats) = levels is { } count
            ? ("independent pixels", Histogram(train.flatten(1), test.flatten(1), count))
            : ("independent Gaussians", Gaussian(train.flatten(1), test.flatten(1)));
        return new Baseline(name, nats, nats / (train[0].numel() * Math.Log(2)));
    }

    /// <summary><c>p(level) = (count + 1) / (N + levels)</c> for each pixel.</summary>
    private static double Histogram(Tensor train, Tensor test, int levels)
    {
        var size = train.shape[1];
        var counts = zeros(size * levels, dtype: ScalarType.Int64);
        foreach (var cells in Cells(train, levels))
        {
            counts.add_(cells.bincount(null, size * levels));
        }

        var logP = ((counts + 1).to(ScalarType.Float64) / (train.shape[0] + levels)).log();
        return -Cells(test, levels).Sum(cells => logP.index_select(0, cells).sum().ToDouble()) / test.shape[0];
    }

    private static double Gaussian(Tensor train, Tensor test)
    {
        var known = train.to(ScalarType.Float64);
        var (mean, deviation) = (known.mean([0]), known.std(0, unbiased: false).clamp_min(1e-12));
        var z = (test.to(ScalarType.Float64) - mean) / deviation;
        return (z.square() / 2 + deviation.log() + 0.5 * Math.Log(2 * Math.PI)).sum(1).mean().ToDouble();
    }

    /// <summary>The place of each pixel in a table (pixel, level), some items at a time.</summary>
    private static IEnumerable<Tensor> Cells(Tensor items, int levels)
    {
        for (long start = 0; start < items.shape[0]; start += SliceItems)
        {
            using var scope = NewDisposeScope();
            var part = items.narrow(0, start, Math.Min(SliceItems, items.shape[0] - start));
            yield return (part.to(ScalarType.Int64) + arange(items.shape[1]) * levels).flatten();
        }
    }
}
