using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>What columns of a table need before a flow can be trained on them.</content>
public sealed partial class FlowBuilder
{
    // Items at once on their way through the steps.
    private const long Slice = 4096;

    /// <summary>
    /// Appends a step that draws what is missing in rows of a table (NaN) from a normal distribution that a network
    /// gives from what is observed, see <see cref="Imputation"/>. The flow then has a lower bound on the density of
    /// what is observed.
    /// </summary>
    /// <param name="items">Rows <c>(N, d)</c> to learn means and deviations from: training items.</param>
    /// <param name="columns">The places of the columns in which entries may be missing; null for those in which one of
    /// the items is.</param>
    /// <param name="hidden">Width of the network; 0 for none, so that what is drawn does not depend on what is
    /// observed.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    /// <exception cref="ShapeException">The items do not fit.</exception>
    /// <exception cref="ArgumentException">A column has no entry at all, or nothing is missing.</exception>
    /// <exception cref="InvalidOperationException">It is not the first step.</exception>
    public FlowBuilder Impute(Tensor items, IReadOnlyList<long>? columns = null, int hidden = 64, int blocks = 1)
    {
        CheckRows(nameof(Impute), items);
        if (_layers.Count > 0 || _before.Count > 0)
        {
            throw new InvalidOperationException(
                "Impute: expected to be the first step of a flow, since no other one takes rows with missing entries.");
        }

        columns ??= WithMissing(items);
        var (location, deviation) = Imputation.Spread(items);
        var network = hidden == 0
            ? null
            : new ResidualMlp(Shape[0] + columns.Count, 2 * columns.Count, hidden, blocks, Generator, ContextSize);
        return Then(new Imputation(Shape, columns, location, deviation, network));
    }

    /// <summary>
    /// Appends a step that turns columns of categories (codes 0..K-1) into normal numbers, each category as often as
    /// among the items, see <see cref="CategoricalDequantization"/>. The flow then has a lower bound.
    /// </summary>
    /// <param name="items">Rows <c>(N, d)</c>, of which shares are counted: training items.</param>
    /// <param name="categories">For each place of such a column the names of its categories, in the order of their
    /// codes; the flow keeps them.</param>
    /// <exception cref="ShapeException">The items do not fit.</exception>
    /// <exception cref="ArgumentException">There is no such column, or an entry is no code.</exception>
    public FlowBuilder Categories(Tensor items, IReadOnlyDictionary<long, IReadOnlyList<string>> categories)
    {
        CheckRows(nameof(Categories), items);
        ArgumentNullException.ThrowIfNull(categories);
        var columns = categories.OrderBy(pair => pair.Key).ToList();
        return Then(CategoricalDequantization.FittedTo(
            items, [.. columns.Select(pair => (pair.Key, pair.Value.Count))], [.. columns.Select(pair => pair.Value)]));
    }

    /// <summary>
    /// Appends fixed numbers for each feature that give items mean 0 and deviation 1, see <see
    /// cref="Bijectors.Standardize"/>; densities stay those of the data before it.
    /// </summary>
    /// <param name="items">Data of the flow, <c>(N, event)</c>: training items. They are passed through the steps
    /// before.</param>
    /// <exception cref="ShapeException">The items do not fit, or there are fewer than two.</exception>
    /// <exception cref="ArgumentException">A number is not finite, or a feature is the same in all items.</exception>
    /// <exception cref="InvalidOperationException">It stands behind other steps of an inner flow, or of one that takes
    /// a context.</exception>
    public FlowBuilder Standardize(Tensor items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (_before.Count == 0 && _layers.Count == 0)
        {
            return Append(() => Bijectors.Standardize.FittedTo(items));
        }

        using var passed = Passed(items);
        return Append(() => Bijectors.Standardize.FittedTo(passed));
    }

    /// <summary>Items behind the steps so far, whose noise is drawn by a seed.</summary>
    private Tensor Passed(Tensor items)
    {
        if (_name != nameof(Flow) || _contextShape is not null)
        {
            throw new InvalidOperationException(
                "Standardize: expected to be the first step, or to stand behind steps of a flow without a context, "
                + "through which items can be passed.");
        }

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var noise = new Generator(0);
        var shape = _before.Count > 0 ? _before[0].Input : _input;
        if (items.dim() != shape.Rank + 1 || !items.shape.AsSpan()[1..].SequenceEqual(shape.ToArray()))
        {
            throw new ShapeException(
                "Standardize", $"expected items (N, {shape}), data of the flow", $"got {Shape.Text(items.shape)}");
        }

        var transform = ToBijector();
        return cat(
            [.. items.to(ScalarType.Float32).split(Slice).Select(Through)], 0).MoveToOuterDisposeScope();

        Tensor Through(Tensor part)
        {
            using var inner = NewDisposeScope();
            var x = _levels is { } levels ? new UniformDequantization(shape, levels).AddNoise(
                part, Domain.Interval(0, levels), noise) : part;
            foreach (var segment in _before)
            {
                (x, _) = segment.Layer.Encode(segment.Transform.Forward(x), null, noise);
            }

            return transform.Forward(x).MoveToOuterDisposeScope();
        }
    }

    private void CheckRows(string step, Tensor items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (Shape.Rank != 1 || items.dim() != 2 || items.size(1) != Shape[0])
        {
            throw new ShapeException(
                step, $"expected rows (N, {(Shape.Rank == 1 ? $"{Shape[0]}" : "d")}) of a table, for events {Shape}",
                $"got {Shape.Text(items.shape)}");
        }
    }

    private static long[] WithMissing(Tensor items)
    {
        using var missing = items.isnan();
        using var any = missing.any(0);
        using var places = any.nonzero();
        return places.numel() > 0
            ? places.data<long>().ToArray()
            : throw new ArgumentException(
                "Impute: expected items of which some entries are missing (NaN), or the places of the columns in which "
                + "they may be, got items without; leave the step out.", nameof(items));
    }
}
