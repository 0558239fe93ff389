using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>What was read from a table, its rows in their order.</summary>
/// <param name="Items">The items, float32 <c>(N, d)</c>.</param>
/// <param name="Context">What they are given, float32 <c>(N, c)</c>; null where nothing was asked for.</param>
/// <param name="Labels">Their classes, int64 <c>(N)</c>; null where there is no such column.</param>
/// <param name="Columns">The names of the columns of an item; null where the table has none.</param>
/// <param name="ContextColumns">The names of the columns of a context.</param>
internal sealed record CsvContent(
    Tensor Items,
    Tensor? Context,
    Tensor? Labels,
    IReadOnlyList<string>? Columns,
    IReadOnlyList<string>? ContextColumns);
