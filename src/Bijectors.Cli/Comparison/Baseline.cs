using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>
/// A density whose entries are independent, fitted to the training items: a smoothed histogram for each pixel of data
/// with levels and each column of categories, a Gaussian for each other entry. What a flow gains on it is what it knows
/// about how entries belong together.
/// </summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Dimensions">The number of entries of an item.</param>
/// <param name="TestLosses"><c>-log p(x)</c> of each test item, in nats.</param>
/// <param name="TrainNllNats">The mean over the training items.</param>
/// <param name="ValidationNllNats">The mean over the validation items; null where there are none.</param>
internal sealed record Baseline(
    string Name, long Dimensions, IReadOnlyList<double> TestLosses, double TrainNllNats, double? ValidationNllNats)
{
    private const long SliceItems = 1_000;

    /// <summary>Mean <c>-log p(x)</c> of the test items, nats per item.</summary>
    public double TestNllNats => TestLosses.Average();

    /// <summary>What a validation curve is to beat, or a training curve where there are no validation items.</summary>
    public (string Name, double Nats, double Bits) Level
    {
        get
        {
            var nats = ValidationNllNats ?? TrainNllNats;
            return (Name, nats, Bits(nats));
        }
    }

    /// <summary>Nats per item as bits per dimension, <c>nats / (D ln 2)</c>.</summary>
    public double Bits(double nats) => nats / (Dimensions * Math.Log(2));

    /// <summary>Fits it to the training items and scores all three parts, <c>(N, ...)</c> each.</summary>
    /// <param name="data">The data, of which all training items are looked at.</param>
    /// <param name="validation">The validation items.</param>
    /// <param name="test">The test items.</param>
    public static Baseline Of(Dataset data, Tensor validation, Tensor test)
    {
        var (train, levels) = (data.Train, data.Levels);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var known = train.flatten(1);
        Func<Tensor, Tensor> score = levels is { } count ? Histogram(known, count) : Columns(known, data.Categories);
        return new Baseline(
            levels is not null ? "independent pixels"
                : data.Categories.Count > 0 ? "independent columns" : "independent Gaussians",
            known.shape[1],
            Losses(test),
            Losses(train).Average(),
            validation.shape[0] == 0 ? null : Losses(validation).Average());

        IReadOnlyList<double> Losses(Tensor items) =>
            Slices(items.flatten(1), part => score(part).data<double>().ToArray());
    }

    /// <summary><c>p(level) = (count + 1) / (N + levels)</c> for each pixel.</summary>
    private static Func<Tensor, Tensor> Histogram(Tensor train, int levels)
    {
        var size = train.shape[1];
        var counts = zeros(size * levels, dtype: ScalarType.Int64);
        Slices<long>(train, part =>
        {
            counts.add_(Cells(part).flatten().bincount(null, size * levels));
            return [];
        });
        var logP = ((counts + 1).to(ScalarType.Float64) / (train.shape[0] + levels)).log();
        return items => -logP.index_select(0, Cells(items).flatten()).view(items.shape).sum(1);

        // The place of each pixel in a table (pixel, level).
        Tensor Cells(Tensor items) => items.to(ScalarType.Int64) + arange(size) * levels;
    }

    /// <summary>
    /// A Gaussian for each column of numbers, the share <c>(count + 1/2) / (N + K/2)</c> of a category; what is missing
    /// adds nothing.
    /// </summary>
    private static Func<Tensor, Tensor> Columns(
        Tensor train, IReadOnlyDictionary<long, IReadOnlyList<string>> categories)
    {
        var (location, spread) = Imputation.Spread(train);
        var (mean, deviation) = (tensor(location.ToArray()), tensor(spread.ToArray()).clamp_min(1e-12));
        var losses = categories.ToDictionary(column => column.Key, column =>
        {
            var counts = Codes(train, column.Key).bincount(null, column.Value.Count);
            return -((counts + 0.5) / (train.shape[0] + (0.5 * column.Value.Count))).to(ScalarType.Float64).log();
        });
        return items =>
        {
            var z = (items.to(ScalarType.Float64) - mean) / deviation;
            var each = z.square() / 2 + deviation.log() + 0.5 * Math.Log(2 * Math.PI);
            foreach (var (column, ofCategories) in losses)
            {
                each.select(1, column).copy_(ofCategories.index_select(0, Codes(items, column)));
            }

            return each.nan_to_num(0).sum(1);
        };

        static Tensor Codes(Tensor items, long column) => items.select(1, column).to(ScalarType.Int64);
    }

    /// <summary>What comes of all items, some of them at a time.</summary>
    private static List<T> Slices<T>(Tensor items, Func<Tensor, T[]> look)
    {
        var all = new List<T>();
        for (long start = 0; start < items.shape[0]; start += SliceItems)
        {
            using var scope = NewDisposeScope();
            all.AddRange(look(items.narrow(0, start, Math.Min(SliceItems, items.shape[0] - start))));
        }

        return all;
    }
}
