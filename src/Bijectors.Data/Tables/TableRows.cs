using System.Globalization;

namespace Bijectors.Data;

/// <summary>All rows of a file, to be written again with more columns.</summary>
internal sealed class TableRows
{
    private readonly IReadOnlyList<string[]>? _cells;
    private readonly Table? _table;
    private readonly ColumnarField? _unreadable;

    /// <summary>The rows of a table of text.</summary>
    public TableRows(IReadOnlyList<string>? header, IReadOnlyList<string[]> cells) =>
        (Header, _cells) = (header, cells);

    /// <summary>The rows of a file of columns.</summary>
    public TableRows(ColumnarFile file)
    {
        _table = file.ReadAll();
        _unreadable = file.Fields.FirstOrDefault(field => field.Kind == ColumnarKind.Other);
        Header = [.. file.Fields.Select(field => field.Name)];
    }

    /// <summary>The names of all columns; null where there are none.</summary>
    public IReadOnlyList<string>? Header { get; }

    private int Count => _cells?.Count ?? _table!.Rows;

    // A table without names gets numbers for names, so that those of the new columns have a place.
    private IReadOnlyList<string> Names => Header
        ?? [.. Enumerable.Range(1, _cells![0].Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Writes the rows with further columns behind their own.</summary>
    /// <exception cref="DataException">The file cannot be written, or a column does not fit.</exception>
    public void WriteWith(string file, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> columns)
    {
        if (columns.FirstOrDefault(column => column.Values.Count != Count) is { Name: { } name })
        {
            throw new DataException("TableFile", $"a number for each of {Count} rows in column {name}", "others");
        }

        if (_unreadable is not null)
        {
            throw new DataException(
                "TableFile", "columns of numbers and texts, which can be written again",
                $"'{_unreadable.Name}' with {_unreadable.Type}",
                "write to a .npy or .json, which holds the new columns alone");
        }

        if (ColumnarFormats.Of(file) is not null)
        {
            new Table([
                .. _table?.Columns ?? Names.Select(Typed),
                .. columns.Select(column => new TableSeries(column.Name, column.Values))]).Write(file);
            return;
        }

        CsvWriting.Write(
            file,
            [.. Names, .. columns.Select(column => column.Name)],
            Cells().Select((cells, i) =>
                (string[])[.. cells, .. columns.Select(column => CsvWriting.Text(column.Values[i]))]));
    }

    private IEnumerable<string[]> Cells()
    {
        if (_cells is not null)
        {
            return _cells;
        }

        var texts = _table!.Columns.Select(column => column.AsTexts()).ToList();
        return Enumerable.Range(0, Count).Select(row => texts.Select(column => column[row] ?? "").ToArray());
    }

    /// <summary>A column of cells as numbers, where all that are not empty are.</summary>
    private TableSeries Typed(string name, int place)
    {
        var numbers = new double[Count];
        var isNumber = true;
        for (var row = 0; isNumber && row < numbers.Length; row++)
        {
            var cell = _cells![row][place];
            isNumber = CsvColumn.TryNumber(cell, out var number) || CsvColumn.IsMissing(cell);
            numbers[row] = CsvColumn.IsMissing(cell) ? double.NaN : number;
        }

        return isNumber && !numbers.All(double.IsNaN)
            ? new(name, numbers)
            : new(name, (IReadOnlyList<string?>)[.. _cells!.Select(
                cells => cells[place].Length == 0 ? null : cells[place])]);
    }
}
