using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>
/// Contexts, which have a number for each category of a column, as rows of a table, which have its code, and back.
/// </summary>
internal static class ContextTable
{
    /// <summary>Contexts as rows.</summary>
    /// <param name="columns">The columns of the table.</param>
    /// <param name="contexts">Contexts <c>(N, c)</c>.</param>
    /// <returns>A fresh tensor <c>(N, columns)</c>.</returns>
    public static Tensor ToRows(IReadOnlyList<TableColumn> columns, Tensor contexts)
    {
        using var scope = NewDisposeScope();
        var (parts, at) = (new List<Tensor>(), 0L);
        foreach (var column in columns)
        {
            var size = column.Categories?.Count ?? 1;
            var part = contexts.narrow(1, at, size);
            parts.Add(size == 1 ? part : part.argmax(1, keepdim: true).to(contexts.dtype));
            at += size;
        }

        return cat(parts, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Rows as contexts.</summary>
    /// <param name="columns">The columns of the table.</param>
    /// <param name="rows">Rows <c>(N, columns)</c>.</param>
    /// <returns>A fresh tensor <c>(N, c)</c>.</returns>
    public static Tensor ToContexts(IReadOnlyList<TableColumn> columns, Tensor rows)
    {
        using var scope = NewDisposeScope();
        return cat(
            [.. columns.Select((column, i) => column.Categories is { } names
                ? rows.narrow(1, i, 1).eq(arange(names.Count)).to(rows.dtype) : rows.narrow(1, i, 1))],
            1).MoveToOuterDisposeScope();
    }
}
