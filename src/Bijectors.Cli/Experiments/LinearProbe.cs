using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>
/// How much a linear map of what a flow makes of an item knows of its label: ridge regression from the latent to the
/// classes, with the strength that validation items prefer.
/// </summary>
internal static class LinearProbe
{
    private const int MostItems = 5_000;
    private const int BatchSize = 256;
    private static readonly double[] s_strengths = [1e-4, 1e-3, 1e-2, 1e-1, 1];

    /// <summary>The share of test items whose label is found.</summary>
    /// <param name="flow">The flow; null for the items themselves.</param>
    /// <param name="data">The data.</param>
    /// <returns>The share; null where the data have no labels, or the flow reads a context.</returns>
    public static double? Accuracy(Flow? flow, Dataset data)
    {
        if (data is not { TrainLabels: not null, ValidationLabels: not null, TestLabels: not null, Context: null })
        {
            return null;
        }

        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var (x, labels) = Of(flow, data.Train, data.TrainLabels);
        var (mean, deviation) = (x.mean([0]), x.std(0) + 1e-6);
        var classes = labels.max().item<long>() + 1;
        var inputs = Standard(x);
        var targets = eye(classes, dtype: ScalarType.Float64).index_select(0, labels);
        var gram = inputs.transpose(0, 1).matmul(inputs) / inputs.size(0);
        var moments = inputs.transpose(0, 1).matmul(targets) / inputs.size(0);
        var (validation, validationLabels) = Of(flow, data.Validation, data.ValidationLabels);
        var weights = s_strengths
            .Select(strength => linalg.solve(gram + (strength * eye(gram.size(0), dtype: ScalarType.Float64)), moments))
            .MaxBy(candidate => Share(validation, validationLabels, candidate))!;
        var (test, testLabels) = Of(flow, data.Test, data.TestLabels);
        return Share(test, testLabels, weights);

        Tensor Standard(Tensor items)
        {
            var scaled = (items - mean) / deviation;
            return cat([scaled, ones(scaled.size(0), 1, dtype: ScalarType.Float64)], 1);
        }

        double Share(Tensor items, Tensor known, Tensor map) =>
            (Standard(items).matmul(map).argmax(1) == known).to(ScalarType.Float64).mean().item<double>();
    }

    /// <summary>What the flow makes of the first items, the middle of each level in place of noise.</summary>
    private static (Tensor Latent, Tensor Labels) Of(Flow? flow, Tensor items, Tensor labels)
    {
        var count = Math.Min(items.size(0), MostItems);
        var parts = Enumerable.Range(0, (int)((count + BatchSize - 1) / BatchSize)).Select(i =>
        {
            using var scope = NewDisposeScope();
            var batch = items.narrow(0, i * BatchSize, Math.Min(BatchSize, count - (i * BatchSize)));
            var latent = flow is null ? batch
                : flow.Transform.Forward((flow.Levels is null ? batch : batch + 0.5).to(flow.Dtype));
            return latent.flatten(1).to(ScalarType.Float64).MoveToOuterDisposeScope();
        }).ToArray();
        return (cat(parts, 0), labels.narrow(0, 0, count).to(ScalarType.Int64));
    }
}
