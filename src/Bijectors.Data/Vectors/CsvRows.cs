using System.Globalization;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Turns rows of cells into numbers, and refuses the first cell that is none.</summary>
internal sealed class CsvRows(string whose, CsvLayout layout)
{
    private readonly List<float> _values = [];
    private readonly List<float> _context = [];
    private readonly List<long> _labels = [];
    private readonly List<ColumnSpread> _spreads = [];
    private string? _countingRow;
    private int _width;
    private CsvColumns? _columns;

    public void Add(string[] cells, long row)
    {
        if (_columns is not { } columns)
        {
            _width = cells.Length;
            var isHeader = layout.Header ?? !cells.Any(IsNumber);
            columns = _columns = new CsvColumns(whose, layout, isHeader ? cells : null, _width);
            _spreads.AddRange(columns.Targets.Select(_ => new ColumnSpread()));
            _countingRow = layout.Header is null && CountsUp(cells) ? string.Join(", ", cells) : null;
            if (isHeader)
            {
                return;
            }
        }

        if (cells.Length != _width)
        {
            throw new DataException(
                whose,
                $"{_width} cells in row {row} as in the first",
                $"{cells.Length}",
                "mend the row");
        }

        for (var place = 0; place < columns.Targets.Count; place++)
        {
            var column = columns.Targets[place];
            _values.Add(Value(columns, cells, row, column));
            _spreads[place].Add(double.Parse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        foreach (var column in columns.Context)
        {
            _context.Add(Value(columns, cells, row, column));
        }

        if (columns.Label >= 0)
        {
            _labels.Add(Label(columns, cells, row, columns.Label));
        }
    }

    /// <summary>What is odd about the table, a sentence each.</summary>
    public IEnumerable<string> Warnings()
    {
        if (_countingRow is not null)
        {
            yield return $"{whose}: the first row ({_countingRow}) counts up and is read as numbers; if these are "
                + "names of columns, write some that are no numbers, or read it by Datasets.Csv with header: true.";
        }

        for (var place = 0; place < _spreads.Count; place++)
        {
            if (_spreads[place].Loss(whose, _columns!.Name(_columns.Targets[place])) is { } loss)
            {
                yield return loss;
            }
        }
    }

    /// <summary>Whether the first row holds names.</summary>
    public bool HasHeader => _columns?.HasNames ?? false;

    public CsvContent ToContent() => _values.Count == 0 || _columns is not { } columns
        ? throw new DataException(whose, "rows of numbers", _width == 0 ? "an empty file" : "none")
        : new(
            tensor(_values.ToArray()).reshape(-1, columns.Targets.Count),
            columns.Context.Count == 0 ? null : tensor(_context.ToArray()).reshape(-1, columns.Context.Count),
            columns.Label < 0 ? null : tensor(_labels.ToArray()),
            columns.Names(columns.Targets),
            columns.Names(columns.Context));

    /// <summary>
    /// Refuses columns of items in which all numbers are the same: no density could be learned of them.
    /// </summary>
    public void CheckSpread()
    {
        if (_columns is not { } columns || _values.Count < 2 * columns.Targets.Count)
        {
            return;
        }

        for (var place = 0; place < columns.Targets.Count; place++)
        {
            var first = _values[place];
            var isSame = true;
            for (var at = place; isSame && at < _values.Count; at += columns.Targets.Count)
            {
                isSame = _values[at] == first;
            }

            if (isSame)
            {
                throw new DataException(
                    whose,
                    $"numbers that differ in {columns.Name(columns.Targets[place])}",
                    string.Create(CultureInfo.InvariantCulture,
                        $"{first} in each row, to the seven digits of float32, which has no density"),
                    "subtract what large numbers have in common, or leave the column out: name the others as target");
            }
        }
    }

    private float Value(CsvColumns columns, string[] cells, long row, int column)
    {
        var cell = cells[column];
        if (TryNumber(cell, out var value) && float.IsFinite(value))
        {
            return value;
        }

        // 1,5 between semicolons, tabs or quotes.
        var isDecimal = cell.Count(c => c == ',') == 1 && TryNumber(cell.Replace(',', '.'), out _);
        throw Bad(
            columns,
            "a finite number",
            cell,
            row,
            column,
            isDecimal ? "write decimals with a point, as 1.5"
                : cell.Trim().Length == 0 ? "fill the cell, or leave the row or the column out"
                : "mend it, leave the column out (name the others as target), or check header and separator");
    }

    private long Label(CsvColumns columns, string[] cells, long row, int column)
        => long.TryParse(cells[column], NumberStyles.Integer, CultureInfo.InvariantCulture, out var label)
            ? label
            : throw Bad(
                columns, "an integer label", cells[column], row, column, "mend it, or check header and separator");

    private DataException Bad(CsvColumns columns, string expected, string cell, long row, int column, string advice)
        => new(whose, $"{expected} in row {row}, {columns.Name(column)}", $"'{cell}'", advice);

    /// <summary>Names such as 0, 1, 2 or 2019, 2020, 2021.</summary>
    private static bool CountsUp(string[] cells)
    {
        var numbers = cells.Select(cell => long.TryParse(
            cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : (long?)null).ToList();
        return numbers.Count > 2 && numbers[0] is not null
            && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1);
    }

    private static bool IsNumber(string cell) => TryNumber(cell, out _);

    private static bool TryNumber(string cell, out float value)
        => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
