using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Deals a tensor of items out to the parts of a <see cref="Dataset"/>.</summary>
internal static class SplitItems
{
    /// <summary>All three parts from one tensor.</summary>
    public static Dataset Deal(
        string name,
        Tensor items,
        Split split,
        int seed,
        int? levels,
        Tensor? labels,
        (Tensor Items, IReadOnlyList<TableColumn>? Schema)? context = null,
        IReadOnlyList<TableColumn>? schema = null,
        IReadOnlyList<string>? warnings = null)
    {
        using var scope = NewDisposeScope();
        Check(name, items, labels, schema);
        if (context is { } given && given.Items.shape[0] != items.shape[0])
        {
            throw new DataException(
                name, $"a context for each of {items.shape[0]} items", ShapeText.Of(given.Items));
        }

        var (train, validation, test) = split.Draw(name, items.shape[0], seed);
        return new Dataset(
            name,
            levels,
            Items(items, train),
            Items(items, validation),
            Items(items, test),
            Labels(labels, train),
            Labels(labels, validation),
            Labels(labels, test),
            context is { } c
                ? new DatasetContext(
                    Items(c.Items, train), Items(c.Items, validation), Items(c.Items, test),
                    DatasetContext.Names(c.Schema)) { Schema = c.Schema }
                : null,
            schema: schema) { Warnings = warnings ?? [] };
    }

    /// <summary>
    /// Validation items dealt out of the training items; the test items are as they came. Without a number, validation
    /// gets 5,000 items, or a tenth of a set of fewer than 50,000.
    /// </summary>
    public static Dataset Deal(
        string name,
        (Tensor Items, Tensor? Labels) train,
        (Tensor Items, Tensor? Labels) test,
        int? validation,
        int seed,
        int levels)
    {
        using var scope = NewDisposeScope();
        Check(name, train.Items, train.Labels);
        Check(name, test.Items, test.Labels);
        var count = train.Items.shape[0];
        var held = validation ?? Math.Min(5_000, Math.Max(1, count / 10));
        if (held < 0 || held >= count)
        {
            throw new DataException(name, $"0 to {count - 1} validation items out of {count}", $"{held}");
        }

        var (forTrain, forValidation, _) = Split.Sizes(count - held, held, 0).Draw(name, count, seed);
        return new Dataset(
            name,
            levels,
            Items(train.Items, forTrain),
            Items(train.Items, forValidation),
            test.Items.to(ScalarType.Float32, copy: true),
            Labels(train.Labels, forTrain),
            Labels(train.Labels, forValidation),
            test.Labels?.to(ScalarType.Int64, copy: true));
    }

    private static Tensor Items(Tensor items, Tensor index)
    {
        var taken = items.detach().index_select(0, index.to(items.device));
        if (taken.dtype == ScalarType.Float32)
        {
            return taken;
        }

        using (taken)
        {
            return taken.to(ScalarType.Float32, copy: true);
        }
    }

    private static Tensor? Labels(Tensor? labels, Tensor index)
        => labels?.index_select(0, index.to(labels.device)).to(ScalarType.Int64, copy: true);

    private static void Check(
        string name, Tensor items, Tensor? labels, IReadOnlyList<TableColumn>? schema = null)
    {
        if (items.dim() < 2 || items.numel() == 0)
        {
            throw new DataException(
                name,
                "items as a tensor (items, ...)",
                $"an empty set or none: {ShapeText.Of(items)}");
        }

        if (labels is not null && (!labels.is_integral() || !labels.shape.AsSpan().SequenceEqual([items.shape[0]])))
        {
            throw new DataException(
                name,
                $"one integer label for each of {items.shape[0]} items",
                $"{labels.dtype} {ShapeText.Of(labels)}");
        }

        if (items.is_floating_point())
        {
            DatasetCheck.Finite(name, items, schema);
        }
    }
}
