using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The attributions of items, entry by entry, against the mean of the training items.</summary>
/// <param name="Values">In nats, float64, item by item: of each entry in row-major order.</param>
/// <param name="Baselines">The log-density of the baseline of each item, in nats.</param>
/// <param name="Missing">How many items have none: outside the support, or behind a hole of it.</param>
/// <param name="Missed">What the integration has missed of an item and shared among its entries, in nats, on average
/// over the items.</param>
internal sealed record Attribution(
    IReadOnlyList<double[]> Values, IReadOnlyList<double> Baselines, int Missing, double Missed)
{
    private const int BatchSize = 256;

    // The generators of Evaluation.Losses, so that attributions add up to the very log-densities beside them.
    private const int SeedStep = 7919;

    /// <summary>The log-densities of the baselines, then the attributions of each entry.</summary>
    public IEnumerable<IReadOnlyList<double>> Columns()
    {
        yield return Baselines;
        for (var i = 0; i < (Values.Count == 0 ? 0 : Values[0].Length); i++)
        {
            var entry = i;
            yield return [.. Values.Select(row => row[entry])];
        }
    }

    /// <summary>Attributions of items.</summary>
    /// <param name="saved">The model.</param>
    /// <param name="items">Items as the model takes them.</param>
    /// <param name="context">Their contexts; null for none.</param>
    /// <param name="draws">Over how many draws of the noise of levels they are averaged.</param>
    /// <param name="parts">See <see cref="IntegratedGradients.Of"/>.</param>
    /// <param name="progress">Is told how many items are done.</param>
    /// <exception cref="UserException">There is no density at the baseline.</exception>
    public static Attribution Of(
        SavedModel saved, Tensor items, Tensor? context, int draws, int parts, IProgress<long> progress)
    {
        var flow = saved.Flow;
        flow.eval();
        using var scope = NewDisposeScope();
        var center = tensor(saved.Center!.ToArray()).reshape([1, .. flow.EventShape.ToArray()]);
        var generators = Enumerable.Range(0, flow.Levels is null ? 1 : draws)
            .Select(draw => new Generator((ulong)(SeedStep * draw))).ToList();
        var (values, baselines, missed) = (new List<double[]>(), new List<double>(), new List<double>());
        for (var start = 0L; start < items.shape[0]; start += BatchSize)
        {
            using var part = NewDisposeScope();
            var size = Math.Min(BatchSize, items.shape[0] - start);
            var of = OfBatch(
                flow, items.narrow(0, start, size), center, context?.narrow(0, start, size).to(flow.Dtype), generators,
                parts);
            values.AddRange(of.Values.contiguous().data<double>().ToArray().Chunk((int)of.Values.shape[1]));
            baselines.AddRange(of.OfBaselines.data<double>().ToArray());
            missed.AddRange(of.Missed.data<double>().ToArray());
            progress.Report(start + size);
        }

        generators.ForEach(generator => generator.Dispose());
        return baselines.Any(double.IsFinite)
            ? new(
                values,
                baselines,
                values.Count(row => !row.All(double.IsFinite)),
                missed.Where(double.IsFinite).DefaultIfEmpty(0).Average())
            : throw new UserException(
                $"--attribution: expected a density at the mean of the training items, got none of {saved.Title} "
                + "there; the support has a hole, so there is no baseline.");
    }

    private static (Tensor Values, Tensor OfBaselines, Tensor Missed) OfBatch(
        Flow flow, Tensor items, Tensor center, Tensor? context, IReadOnlyList<Generator> generators,
        int parts)
    {
        var all = generators.Select(generator =>
        {
            // The same noise in both: the difference of the two is that of the items.
            var x = flow.Dequantize(items, generator).to(flow.Dtype);
            var middle = center.to(flow.Dtype).expand(x.shape);
            var baseline = flow.Levels is null ? middle.clone() : middle + (x - items.to(flow.Dtype));
            return IntegratedGradients.Of(flow, x, baseline, context, parts);
        }).ToList();
        return (Mean(of => of.Values), Mean(of => of.OfBaselines), Mean(of => of.Missed));

        Tensor Mean(Func<(Tensor Values, Tensor OfBaselines, Tensor Missed), Tensor> which) =>
            stack([.. all.Select(which)]).mean([0L]);
    }

    /// <summary>Stops where a model has no attributions.</summary>
    /// <exception cref="UserException">It has no baseline, or no exact density.</exception>
    public static void Check(SavedModel saved)
    {
        if (!saved.Flow.HasExactLogProb || saved.Flow.HasEstimatedLogProb)
        {
            throw new UserException(
                $"--attribution: expected a model with an exact density, got {saved.Title}, whose log-density is a "
                + "bound or an estimate; there is no gradient to integrate.");
        }

        if (saved.Center is not { } center)
        {
            throw new UserException(
                $"--attribution: expected a model that keeps the mean of its training items, got {saved.Title} "
                + "without; train it with this version.");
        }

        if (center.Count != saved.Flow.EventShape.Size)
        {
            throw new UserException(
                $"--attribution: expected a mean of {saved.Flow.EventShape.Size} numbers in the model, got "
                + $"{center.Count}; the file is damaged.");
        }
    }
}
