using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>What the items of a data set are given, for conditional densities: a context for each item.</summary>
/// <param name="Train">The contexts of the training items, float32 <c>(N, ...)</c>.</param>
/// <param name="Validation">The contexts of the validation items, float32 <c>(V, ...)</c>.</param>
/// <param name="Test">The contexts of the test items, float32 <c>(T, ...)</c>.</param>
/// <param name="Columns">
/// The names of its columns, where it comes from a table with names; <c>column=category</c> of each category.
/// </param>
public sealed record DatasetContext(
    Tensor Train, Tensor Validation, Tensor Test, IReadOnlyList<string>? Columns = null)
{
    /// <summary>
    /// The columns of the table that it is made of, those of categories once; null where <see cref="Columns"/> is or
    /// where it is of no table.
    /// </summary>
    public IReadOnlyList<TableColumn>? Schema { get; init; }

    /// <summary>The shape of one context. A fresh copy.</summary>
    public long[] Shape => Train.shape[1..];

    /// <summary>The names of the columns of a context that is made of columns of a table; null for null.</summary>
    internal static IReadOnlyList<string>? Names(IReadOnlyList<TableColumn>? schema) => schema is null ? null :
    [
        .. schema.SelectMany(column => column.Categories is { } categories
            ? categories.Select(category => $"{column.Name}={category}")
            : [column.Name]),
    ];

    internal void Check(string whose, Tensor train, Tensor validation, Tensor test)
    {
        foreach (var (part, items, context) in
            new[] { ("training", train, Train), ("validation", validation, Validation), ("test", test, Test) })
        {
            long[] expected = [items.shape[0], .. Train.shape[1..]];
            if (context.dtype != ScalarType.Float32 || context.dim() < 2 || !context.shape.SequenceEqual(expected))
            {
                throw new DataException(
                    whose,
                    $"a float32 context {ShapeText.Of(expected)} of the {part} items",
                    $"{context.dtype} {ShapeText.Of(context)}");
            }

            DatasetCheck.Finite($"{whose}, context of the {part} items", context);
        }
    }

    internal DatasetContext Detached() => this with
    {
        Train = Train.DetachFromDisposeScope(),
        Validation = Validation.DetachFromDisposeScope(),
        Test = Test.DetachFromDisposeScope(),
    };

    internal void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
        Test.Dispose();
    }
}
