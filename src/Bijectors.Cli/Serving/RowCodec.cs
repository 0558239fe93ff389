using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>Rows of requests and answers as the numbers of a model: names of categories as codes, null as NaN.</summary>
internal sealed class RowCodec
{
    private readonly IReadOnlyList<TableColumn>? _items;
    private readonly IReadOnlyList<TableColumn>? _contexts;

    public RowCodec(SavedModel saved)
    {
        // Without names the places of the columns stand for them.
        var count = saved.Flow.EventShape.Rank == 1 ? (int)saved.Flow.EventShape.Size : 0;
        _items = count == 0 ? null : TableColumn.Of(
            saved.Columns ?? [.. Enumerable.Range(1, count).Select(place => $"{place}")],
            saved.Flow.Categories, saved.Flow.MissingColumns);
        _contexts = SavedSchema.OfContext(saved);
    }

    /// <summary>Rows of items as numbers.</summary>
    /// <exception cref="ArgumentException">An entry is no number, or none of the categories of its column.</exception>
    public double[][] Items(Cell[][] rows) => Rows("Rows", rows, _items, (cell, column) => [Code(cell, column)]);

    /// <summary>Rows of contexts as numbers, of which each category has one; null for null.</summary>
    /// <inheritdoc cref="Items" path="/exception"/>
    public double[][]? Contexts(Cell[][]? rows) => rows is null ? null : Rows("Contexts", rows, _contexts, Given);

    /// <summary>Items as entries of rows.</summary>
    public Cell[][] Cells(double[][] items) => _items is not { } columns || columns.All(column => column.Categories is null)
        ? [.. items.Select(row => row.Select(number => new Cell(number)).ToArray())]
        : [.. items.Select(row => row.Select((number, i) => columns[i].Categories is { } names
            ? new Cell(null, names[(int)number]) : new Cell(number)).ToArray())];

    private static double[][] Rows(
        string whose, Cell[][] rows, IReadOnlyList<TableColumn>? columns, Func<Cell, TableColumn, double[]> code)
    {
        var place = 0;
        try
        {
            var all = new double[rows.Length][];
            for (place = 0; place < rows.Length; place++)
            {
                all[place] = rows[place] is not { } row ? throw new ArgumentException("expected a list, got null")

                    // Rows of another length are told of by whoever knows what their length is to be.
                    : columns?.Count == row.Length ? [.. row.Zip(columns, code).SelectMany(numbers => numbers)]
                    : [.. row.Select(Number)];
            }

            return all;
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{whose}: {exception.Message} in row {place + 1}.", exception);
        }
    }

    private static double Number(Cell cell) =>
        cell.Number ?? throw new ArgumentException($"expected numbers, got {cell}");

    private static double Code(Cell cell, TableColumn column) => column switch
    {
        { Categories: { } names } => names.ToList().IndexOf(cell.Text ?? (cell.Number is null ? "" : "?")) is >= 0 and var code
            ? code
            : throw new ArgumentException(
                $"expected one of the categories of {column.Name} ({string.Join(", ", names.Select(Shown))}), got {cell}"),
        { MayBeMissing: true } when cell is { Number: null, Text: null } => double.NaN,
        _ => cell.Number ?? throw new ArgumentException($"expected a number as {column.Name}, got {cell}"),
    };

    private static double[] Given(Cell cell, TableColumn column)
    {
        var code = Code(cell, column);
        return column.Categories is { } names ? [.. names.Select((_, k) => k == code ? 1.0 : 0)] : [code];
    }

    private static string Shown(string name) => name.Length == 0 ? "null" : name;
}
