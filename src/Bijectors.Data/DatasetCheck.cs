using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>What a <see cref="Dataset"/> promises of its tensors, checked once when it is made.</summary>
internal static class DatasetCheck
{
    // Large parts are looked at in slices of this many elements, so that the check needs no second copy of the data.
    private const long SliceElements = 1 << 22;

    public static void Parts(string whose, Tensor train, Tensor validation, Tensor test)
    {
        foreach (var (part, tensor) in Named(train, validation, test))
        {
            if (tensor.dtype != ScalarType.Float32 || tensor.dim() < 2)
            {
                throw new DataException(
                    whose,
                    $"{part} items as a float32 tensor (items, ...)",
                    $"{tensor.dtype} {ShapeText.Of(tensor)}");
            }

            if (!tensor.shape.AsSpan(1).SequenceEqual(train.shape.AsSpan(1)))
            {
                throw new DataException(
                    whose,
                    $"{part} items of shape {ShapeText.Of(train.shape.AsSpan(1))} as in training",
                    ShapeText.Of(tensor.shape.AsSpan(1)));
            }
        }

        if (train.numel() == 0)
        {
            throw new DataException(whose, "at least one item with at least one value to train on", "an empty set");
        }
    }

    public static void Labels(string whose, params ReadOnlySpan<(Tensor Items, Tensor? Labels)> parts)
    {
        foreach (var (items, labels) in parts)
        {
            if (labels is null != parts[0].Labels is null)
            {
                throw new DataException(whose, "labels for all three parts or for none", "them for some");
            }

            if (labels is not null
                && (labels.dtype != ScalarType.Int64 || !labels.shape.AsSpan().SequenceEqual([items.shape[0]])))
            {
                throw new DataException(
                    whose,
                    $"one int64 label for each of {items.shape[0]} items",
                    $"{labels.dtype} {ShapeText.Of(labels)}");
            }
        }
    }

    public static void Columns(
        string whose, Tensor train, IReadOnlyList<TableColumn>? schema, IReadOnlyList<string>? names)
    {
        if (schema is null)
        {
            return;
        }

        TableColumn.Check(whose, schema);
        if (train.dim() != 2 || schema.Count != train.shape[1])
        {
            throw new DataException(whose, $"a name for each of {train.shape[^1]} columns", $"{schema.Count} names");
        }

        if (names is not null && !names.SequenceEqual(schema.Select(column => column.Name)))
        {
            throw new DataException(whose, "the names of the schema, or none beside it", "others");
        }
    }

    public static void Values(
        string whose,
        int? levels,
        IReadOnlyList<TableColumn>? schema,
        Tensor train,
        Tensor validation,
        Tensor test)
    {
        if (levels < 2)
        {
            throw new DataException(whose, "at least 2 levels, or null for continuous values", $"{levels}");
        }

        foreach (var (part, tensor) in Named(train, validation, test))
        {
            Finite($"{whose}, {part}", tensor, schema);
            Codes($"{whose}, {part}", tensor, schema);
            if (levels is { } count)
            {
                Discrete($"{whose}, {part}", count, $"{count} levels", tensor);
            }
        }
    }

    /// <summary>
    /// Refuses infinity, and NaN but in columns that may be missing, and names the first item that holds one.
    /// </summary>
    public static void Finite(string whose, Tensor items, IReadOnlyList<TableColumn>? schema = null)
    {
        using var scope = NewDisposeScope();
        var mayBeMissing = schema is null || !schema.Any(column => column.MayBeMissing)
            ? null : tensor(schema.Select(column => column.MayBeMissing).ToArray());
        EachSlice(items, (slice, start) =>
        {
            var finite = slice.isfinite();
            var good = (mayBeMissing is null ? finite : finite.logical_or(slice.isnan().logical_and(mayBeMissing)))
                .flatten(1).all(1);
            if (!good.all().item<bool>())
            {
                var item = start + good.logical_not().nonzero()[0, 0].item<long>();
                throw new DataException(
                    whose,
                    "finite values",
                    $"NaN or infinity in item {item}",
                    "drop it or fill it in");
            }
        });
    }

    private static void Codes(string whose, Tensor items, IReadOnlyList<TableColumn>? schema)
    {
        for (var column = 0; column < (schema?.Count ?? 0); column++)
        {
            if (schema![column].Categories is { } categories)
            {
                using var codes = items.narrow(1, column, 1);
                Discrete(
                    $"{whose}, column '{schema[column].Name}'", categories.Count,
                    $"the codes of {categories.Count} categories", codes);
            }
        }
    }

    private static void Discrete(string whose, int levels, string meaning, Tensor items)
        => EachSlice(items, (slice, start) =>
        {
            var good = slice.eq(slice.floor()).logical_and(slice.ge(0)).logical_and(slice.lt(levels)).flatten(1);
            if (!good.all().item<bool>())
            {
                var at = good.logical_not().nonzero()[0];
                var (item, element) = (at[0].item<long>(), at[1].item<long>());
                var value = slice.flatten(1)[item, element].item<float>();
                throw new DataException(
                    whose,
                    $"integers 0..{levels - 1} ({meaning})",
                    $"{value} in item {start + item}");
            }
        });

    private static void EachSlice(Tensor items, Action<Tensor, long> look)
    {
        var count = items.shape[0];
        var step = Math.Max(1, SliceElements * count / Math.Max(1, items.numel()));
        for (long start = 0; start < count; start += step)
        {
            using var scope = NewDisposeScope();
            look(items.narrow(0, start, Math.Min(step, count - start)), start);
        }
    }

    private static (string Part, Tensor Items)[] Named(Tensor train, Tensor validation, Tensor test)
        => [("training", train), ("validation", validation), ("test", test)];
}
