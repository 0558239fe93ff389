using Bijectors.Data;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>What a model keeps of its data, so that "score" can say how usual an item is and what makes it
/// so.</summary>
internal static class ScoreReference
{
    // The share of so many that is smaller has a standard error of at most 0.016.
    private const int MostItems = 1000;

    // As many draws of the noise of levels, or estimates, as "score" takes by itself.
    private const int Draws = 5;

    /// <summary>The log-densities of items, in rising order: of validation items, or of training items where there are
    /// none; a choice by the seed where there are many. Items without a finite one are left out.</summary>
    public static IReadOnlyList<double> LogDensities(Flow flow, Dataset data, int seed)
    {
        using var scope = NewDisposeScope();
        var (items, context) = data.Validation.shape[0] > 0
            ? (data.Validation, data.Context?.Validation)
            : (data.Train, data.Context?.Train);
        if (items.shape[0] > MostItems)
        {
            using var generator = new Generator((ulong)seed);
            var chosen = randperm(items.shape[0], generator: generator).narrow(0, 0, MostItems);
            (items, context) = (items.index_select(0, chosen), context?.index_select(0, chosen));
        }

        var losses = Evaluation.Losses(flow, items, context, Draws);
        return [.. losses.data<double>().Select(loss => -loss).Where(double.IsFinite).Order()];
    }

    /// <summary>The mean of the training items, entry by entry.</summary>
    public static IReadOnlyList<double> Center(Dataset data)
    {
        using var scope = NewDisposeScope();
        return [.. data.Train.to(ScalarType.Float64).mean([0L]).flatten().data<double>()];
    }
}
