using System.Globalization;

namespace Bijectors.Data;

/// <summary>Sorts the cells of rows into columns, and refuses the first cell that is no number and should be.</summary>
internal sealed class CsvRows(string whose, CsvLayout layout)
{
    private readonly List<CsvColumn> _read = [];
    private readonly List<long> _labels = [];
    private readonly List<long> _lines = [];
    private string? _countingRow;
    private int _width;
    private ColumnChoice? _columns;

    /// <summary>Whether the first row holds names.</summary>
    public bool HasHeader => _columns?.HasNames ?? false;

    public void Add(string[] cells, long row)
    {
        if (_columns is null && StartsWithNames(cells))
        {
            return;
        }

        if (cells.Length != _width)
        {
            throw new DataException(
                whose,
                $"{_width} cells in row {row} as in the first",
                $"{cells.Length}",
                "mend the row");
        }

        foreach (var column in _read)
        {
            column.Add(cells[column.Plan.Index], row);
        }

        if (_columns!.Label >= 0)
        {
            _labels.Add(Label(cells[_columns.Label], row));
        }

        _lines.Add(row);
    }

    /// <summary>The items and what they are given.</summary>
    /// <param name="isForTraining">Whether columns without spread are refused, and odd rows told of.</param>
    /// <exception cref="DataException">There are no rows, or a column cannot be used.</exception>
    public TableContent ToContent(bool isForTraining)
    {
        if (_lines.Count == 0 || _columns is not { } columns)
        {
            throw new DataException(whose, "rows of numbers", _width == 0 ? "an empty file" : "none");
        }

        var content = new TableCoder(whose, columns, _lines).Code(
            [.. _read.Select(column => column.ToSeries())], columns.Label < 0 ? null : _labels, isForTraining);
        return _countingRow is null ? content : content with
        {
            Warnings =
            [
                $"{whose}: the first row ({_countingRow}) counts up and is read as numbers; if these are "
                    + "names of columns, write some that are no numbers, or read it by Datasets.Csv with header: true.",
                .. content.Warnings,
            ],
        };
    }

    private bool StartsWithNames(string[] cells)
    {
        _width = cells.Length;
        Array.ForEach(cells, cell => CsvColumn.CheckEncoding(whose, cell, 1));
        var isHeader = layout.Header ?? !cells.Any(CsvColumn.IsNumber);
        _columns = new ColumnChoice(whose, layout.Request, isHeader ? cells : null, _width);
        _read.AddRange(_columns.Read.Select(plan => new CsvColumn(whose, plan)));
        _countingRow = layout.Header is null && CountsUp(cells) ? string.Join(", ", cells) : null;
        return isHeader;
    }

    private long Label(string cell, long row)
        => long.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out var label)
            ? label
            : throw new DataException(
                whose, $"an integer label in row {row}, {_columns!.Name(_columns.Label)}", $"'{cell}'",
                "mend it, or check header and separator");

    /// <summary>Names such as 0, 1, 2 or 2019, 2020, 2021.</summary>
    private static bool CountsUp(string[] cells)
    {
        var numbers = cells.Select(cell => long.TryParse(
            cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : (long?)null).ToList();
        return numbers.Count > 2 && numbers[0] is not null
            && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1);
    }
}
