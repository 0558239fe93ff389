using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What a saved model knows of the columns of the table that it was trained on.</summary>
internal static class SavedSchema
{
    /// <summary>What a column of an item is called: its number from 1 where it has no name.</summary>
    public static string NameOf(SavedModel saved, long place) =>
        saved.Columns?.ElementAtOrDefault((int)place) ?? $"{place + 1}";

    /// <summary>The columns of an item; null where it was trained on a table without names, or on none.</summary>
    public static IReadOnlyList<TableColumn>? OfItems(SavedModel saved) => saved.Columns is { } names
        ? TableColumn.Of(names, saved.Flow.Categories, saved.Flow.MissingColumns) : null;

    /// <summary>The columns of a context; null where it was trained without, or on no table.</summary>
    public static IReadOnlyList<TableColumn>? OfContext(SavedModel saved) => saved.ContextColumns is { } names
        ? [.. names.Select(name =>
            new TableColumn(name) { Categories = saved.ContextCategories?.GetValueOrDefault(name) })]
        : null;

    /// <summary>
    /// Reads a table: the columns that a text names, or else those that the model was trained on; categories have the
    /// codes of the model.
    /// </summary>
    /// <param name="query">The file and its columns.</param>
    /// <param name="saved">The model.</param>
    public static TableFile Read(TableQuery query, SavedModel saved) => TableFile.Read(
        query.File, query.Targets ?? saved.Columns, query.Context ?? saved.ContextColumns, query.Categories,
        query.Missing, OfItems(saved) is { } items ? [.. items, .. OfContext(saved) ?? []] : null);
}
