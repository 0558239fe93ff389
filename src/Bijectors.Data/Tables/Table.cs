using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// A table in memory: named columns of numbers or of texts, all with the same number of rows.
/// <see cref="Datasets.FromTable"/> makes a data set of it.
/// </summary>
public sealed partial class Table
{
    /// <summary>A table of columns.</summary>
    /// <param name="columns">The columns, at least one.</param>
    /// <exception cref="DataException">
    /// There is none, one has another number of rows, or a name is there twice.
    /// </exception>
    public Table(params IReadOnlyList<TableSeries> columns)
    {
        if (columns.Count == 0)
        {
            throw new DataException("Table", "at least one column", "none");
        }

        if (columns.FirstOrDefault(column => column.Count != columns[0].Count) is { } other)
        {
            throw new DataException(
                "Table", $"{columns[0].Count} rows in column '{other.Name}' as in '{columns[0].Name}'",
                $"{other.Count}");
        }

        if (columns.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new DataException("Table", "each column once", $"'{twice.Key}' twice", "rename one");
        }

        Columns = columns;
    }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<TableSeries> Columns { get; }

    /// <summary>What is odd about the values, a sentence each; none as a rule.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The number of rows.</summary>
    public int Rows => Columns[0].Count;

    /// <summary>A column by its name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="DataException">There is no such column.</exception>
    public TableSeries this[string name] => Columns.FirstOrDefault(column => column.Name == name)
        ?? throw new DataException(
            "Table", $"one of the columns {string.Join(", ", Columns.Select(column => column.Name))}", $"'{name}'");

    /// <summary>Items as a table: names of categories in the place of codes, and NaN for what is missing.</summary>
    /// <param name="schema">The columns of an item, as in <see cref="Dataset.Schema"/>.</param>
    /// <param name="values">The items, <c>(N, d)</c>.</param>
    /// <exception cref="DataException">
    /// The items have another number of columns, or a value is no code of its column.
    /// </exception>
    public static Table Of(IReadOnlyList<TableColumn> schema, Tensor values)
    {
        TableColumn.Check("Table", schema);
        if (values.dim() != 2 || values.size(1) != schema.Count)
        {
            throw new DataException(
                "Table", $"rows of {schema.Count} numbers, one for each column", ShapeText.Of(values));
        }

        var numbers = ShortNumbers.Of(values);
        var rows = (int)values.size(0);
        return new([.. schema.Select((column, place) => Series(
            column, [.. Enumerable.Range(0, rows).Select(row => numbers[(row * schema.Count) + place])]))]);
    }

    /// <summary>The number of rows and columns: <c>150 rows: length (numbers), species (texts)</c>.</summary>
    public override string ToString() => $"{Rows} rows: {string.Join(", ", Columns)}";

    private static TableSeries Series(TableColumn column, double[] all) => column.Categories is not { } categories
        ? new(column.Name, all)
        : new(column.Name, (IReadOnlyList<string?>)[.. all.Select((code, row) =>
            code >= 0 && code < categories.Count && code == Math.Floor(code)
                ? categories[(int)code]
                : throw new DataException(
                    "Table",
                    FormattableString.Invariant($"codes 0 to {categories.Count - 1} of the categories ")
                        + $"of '{column.Name}'",
                    FormattableString.Invariant($"{code} in item {row}")))]);
}
