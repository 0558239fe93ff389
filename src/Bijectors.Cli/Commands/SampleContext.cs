using System.Globalization;
using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The contexts that samples are drawn under, from a command line.</summary>
internal static class SampleContext
{
    /// <summary>What stands for no context.</summary>
    public const string None = "none";

    /// <summary>Contexts <c>(N, context...)</c>; null for a model without.</summary>
    /// <exception cref="UserException">The model takes none, or another one.</exception>
    public static Tensor? Read(SavedModel saved, string? text)
    {
        if (saved.Flow.ContextShape is not { } shape)
        {
            return text is null
                ? null : throw new UserException("--context: expected none, since the model takes no context.");
        }

        if (text is null)
        {
            throw new UserException($"--context: expected a context {shape}{Named(saved)}, got none.");
        }

        if (text == None && saved.Flow.HasOptionalContext)
        {
            using var nothing = saved.Flow.NoContext();
            return nothing.unsqueeze(0).clone();
        }

        using var scope = NewDisposeScope();
        var contexts = File.Exists(text.Split('?')[0]) ? OfFile(saved, text) : Parse(saved, shape, text);
        return contexts.shape.AsSpan(1).SequenceEqual(shape.ToArray())
            ? contexts.to(saved.Flow.Dtype).MoveToOuterDisposeScope()
            : throw new UserException(
                $"--context: expected contexts {shape}{Named(saved)}, got {Shape.Of(contexts.shape[1..])}.");
    }

    private static Tensor OfFile(SavedModel saved, string text)
    {
        if (Path.GetExtension(text).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return Npy.Read(text);
        }

        // Here the context is all that is read: its columns are the items of this table.
        var query = Datasets.TableColumns(text);
        using var table = TableFile.Read(
            query.File, query.Context ?? query.Targets ?? saved.ContextColumns,
            schema: SavedSchema.OfContext(saved));
        return table.Schema is { } columns
            ? ContextTable.ToContexts(columns, table.Items) : table.Items.clone();
    }

    /// <summary>The columns of contexts; numbers by their places where the model knows none.</summary>
    public static IReadOnlyList<TableColumn> Columns(SavedModel saved, long size) => SavedSchema.OfContext(saved)
        ?? [.. Numbered("c", size).Select(name => new TableColumn(name))];

    public static string[] Numbered(string letter, long count) =>
        [.. Enumerable.Range(1, (int)count).Select(i => $"{letter}{i}")];

    private static Tensor Parse(SavedModel saved, Shape shape, string text)
    {
        var cells = text.Split(',', StringSplitOptions.TrimEntries);
        var columns = Columns(saved, shape.Size);
        return cells.Length == columns.Count
            ? ContextTable.ToContexts(columns, tensor(cells.Zip(columns, Number).ToArray()).reshape(1, columns.Count))
                .reshape([1, .. shape.ToArray()])
            : throw new UserException(
                $"--context: expected {columns.Count} numbers{Named(saved)}, got {cells.Length}.");

        double Number(string cell, TableColumn column)
        {
            if (column.Categories is { } names)
            {
                return names.ToList().IndexOf(cell) is >= 0 and var code ? code : throw new UserException(
                    $"--context: expected a category as {column.Name} ({string.Join(", ", names)}), got '{cell}'.");
            }

            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)
                ? number
                : throw new UserException(
                    $"--context: expected a file, or {columns.Count} numbers between commas{Named(saved)}, got "
                    + $"'{text}'.");
        }
    }

    private static string Named(SavedModel saved) =>
        saved.ContextColumns is { } columns ? $" ({string.Join(", ", columns)})" : "";
}
