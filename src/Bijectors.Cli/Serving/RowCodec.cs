using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>Rows of requests and answers as the numbers of a model: names of categories as codes, null as NaN.
/// </summary>
internal sealed class RowCodec
{
    private readonly IReadOnlyList<TableColumn>? _items;
    private readonly IReadOnlyList<TableColumn>? _contexts;

    // Of each list of categories: a request may hold thousands of rows.
    private readonly Dictionary<IReadOnlyList<string>, Dictionary<string, int>> _codes =
        new(ReferenceEqualityComparer.Instance);

    public RowCodec(SavedModel saved)
    {
        // Without names the places of the columns stand for them.
        var count = saved.Flow.EventShape.Rank == 1 ? (int)saved.Flow.EventShape.Size : 0;
        _items = count == 0 ? null : TableColumn.Of(
            [.. Enumerable.Range(0, count).Select(place => SavedSchema.NameOf(saved, place))],
            saved.Flow.Categories, saved.Flow.MissingColumns);
        _contexts = SavedSchema.OfContext(saved);
        foreach (var column in (_items ?? []).Concat(_contexts ?? []))
        {
            if (column.Categories is { } names)
            {
                _codes[names] = names.Select((name, code) => (name, code)).DistinctBy(pair => pair.name).ToDictionary();
            }
        }
    }

    /// <summary>Rows of items as numbers.</summary>
    /// <exception cref="ArgumentException">An entry is no number, or none of the categories of its column.</exception>
    public double[][] Items(Cell[][] rows) => Rows("Rows", rows, _items, (column, code) => [code]);

    /// <summary>Rows of contexts as numbers, of which each category has one; null for null.</summary>
    /// <inheritdoc cref="Items" path="/exception"/>
    public double[][]? Contexts(Cell[][]? rows) => rows is null ? null : Rows(
        "Contexts", rows, _contexts, (column, code) =>
            column.Categories is { } names ? [.. names.Select((_, k) => k == code ? 1.0 : 0)] : [code]);

    /// <summary>Items as entries of rows.</summary>
    public Cell[][] Cells(double[][] items) =>
    [
        .. items.Select(row => row.Select((number, i) => _items?[i].Categories is { } names
            ? new Cell(null, names[(int)number]) : new Cell(number)).ToArray()),
    ];

    private double[][] Rows(
        string whose, Cell[][] rows, IReadOnlyList<TableColumn>? columns,
        Func<TableColumn, double, IEnumerable<double>> numbers)
    {
        // Rows that are none, or of another length where no columns are known, are told of further on.
        return [.. rows.Select((row, i) => row is null ? null!
            : columns?.Count == row.Length
                ? row.Zip(columns).SelectMany(of => numbers(of.Second, Code(of.First, of.Second, i))).ToArray()
            : columns is not null ? throw new ArgumentException(
                $"{whose}: expected {columns.Count} entries in row {i + 1}, got {row.Length}.")
            : [.. row.Select(cell => cell.Number ?? throw Bad("numbers", i, cell))])];

        double Code(Cell cell, TableColumn column, int row)
        {
            if (column.Categories is { } names)
            {
                var name = cell is { Number: null, Text: null } ? "" : cell.Text;
                return name is not null && _codes[names].TryGetValue(name, out var code) ? code : throw Bad(
                    $"one of {string.Join(", ", names.Select(Shown))} as {column.Name}", row, cell);
            }

            return cell.Number
                ?? (column.MayBeMissing && cell.Text is null ? double.NaN : throw Bad(
                    $"a number{(column.MayBeMissing ? " or null" : "")} as {column.Name}", row, cell));
        }

        ArgumentException Bad(string expected, int row, Cell got) =>
            new($"{whose}: expected {expected} in row {row + 1}, got {got}.");
    }

    private static string Shown(string name) => name.Length == 0 ? "null" : $"\"{name}\"";
}
