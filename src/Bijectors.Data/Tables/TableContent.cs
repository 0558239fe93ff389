using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>What was read from a table, its rows in their order.</summary>
/// <param name="Items">The items, float32 <c>(N, d)</c>.</param>
/// <param name="Context">What they are given, float32 <c>(N, c)</c>; null where nothing was asked for.</param>
/// <param name="Labels">Their classes, int64 <c>(N)</c>; null where there is no such column.</param>
internal sealed record TableContent(Tensor Items, Tensor? Context, Tensor? Labels)
{
    /// <summary>The columns of an item; null where the table has no names, categories or empty cells.</summary>
    public IReadOnlyList<TableColumn>? Schema { get; init; }

    /// <summary>The columns of the table that a context is made of; null where items have none.</summary>
    public IReadOnlyList<TableColumn>? ContextSchema { get; init; }

    /// <summary>What is odd about the numbers, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Deals the rows out.</summary>
    public Dataset Deal(string whose, Split split, int seed) => SplitItems.Deal(
        whose,
        Items,
        split,
        seed,
        null,
        Labels,
        Context is { } context ? (context, ContextSchema) : null,
        Schema,
        Warnings);
}
