using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// Makes a model of the zoo for a data set. Columns of categories and missing entries of a table are steps before it.
/// </summary>
internal static class FlowOfData
{
    private const int ImputationWidth = 64;

    /// <summary>The flow.</summary>
    /// <param name="model">The kind of model.</param>
    /// <param name="options">Its options.</param>
    /// <param name="data">The data.</param>
    /// <param name="seed">The seed of the random start.</param>
    /// <param name="isContextOptional">Whether the context may be missing.</param>
    public static Flow Create(Model model, object options, Dataset data, int seed, bool isContextOptional = false)
    {
        var flow = model.Create(Shape.Of(data.ItemShape), options, data.Levels, seed, ModelContext.Of(data));
        flow = isContextOptional ? ModelContext.Optional(flow) : flow;
        return flow.After([.. Steps(flow, data, seed)]);
    }

    /// <summary>Whether items need steps before a model, so that its density is a bound.</summary>
    public static bool HasSteps(Dataset data) => data.Categories.Count > 0 || data.MissingColumns.Count > 0;

    private static IEnumerable<StochasticLayer> Steps(Flow flow, Dataset data, int seed)
    {
        var shape = flow.EventShape;
        if (data.MissingColumns is { Count: > 0 } missing)
        {
            using var generator = new Generator((ulong)seed);
            var (location, deviation) = Imputation.Spread(data.Train);
            yield return new Imputation(shape, missing, location, deviation, new ResidualMlp(
                shape[0] + missing.Count, 2 * missing.Count, ImputationWidth, 1, generator,
                flow.EmbeddedShape?.Size ?? 0));
        }

        if (data.Categories is { Count: > 0 } categories)
        {
            var columns = categories.OrderBy(column => column.Key).ToList();
            yield return CategoricalDequantization.FittedTo(
                data.Train, [.. columns.Select(column => (column.Key, column.Value.Count))],
                [.. columns.Select(column => column.Value)]);
        }
    }
}
