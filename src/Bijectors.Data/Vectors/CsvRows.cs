using System.Globalization;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Turns rows of cells into numbers, and refuses the first cell that is none.</summary>
internal sealed class CsvRows(string whose, CsvLayout layout)
{
    private readonly List<float> _values = [];
    private readonly List<long> _labels = [];
    private int _width;
    private int _labelAt = -1;

    public void Add(string[] cells, long row)
    {
        if (_width == 0)
        {
            _width = cells.Length;
            _labelAt = LabelAt();
            if (layout.Header ?? !cells.Any(IsNumber))
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

        for (var column = 0; column < cells.Length; column++)
        {
            if (column == _labelAt)
            {
                _labels.Add(Label(cells[column], row, column));
            }
            else
            {
                _values.Add(Value(cells[column], row, column));
            }
        }
    }

    public (Tensor Items, Tensor? Labels) ToTensors()
    {
        var labels = layout.LabelColumn is null ? null : tensor(_labels.ToArray());
        return _values.Count > 0
            ? (tensor(_values.ToArray()).reshape(-1, labels is null ? _width : _width - 1), labels)
            : throw new DataException(whose, "rows of numbers", _width == 0 ? "an empty file" : "none");
    }

    private int LabelAt()
        => layout.LabelColumn is not { } column ? -1
        : column >= -_width && column < _width ? (column + _width) % _width
        : throw new DataException(whose, $"a label column from {-_width} to {_width - 1}", $"{column}");

    private float Value(string cell, long row, int column)
        => TryNumber(cell, out var value) && float.IsFinite(value)
            ? value
            : throw Bad("a finite number", cell, row, column);

    private long Label(string cell, long row, int column)
        => long.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out var label)
            ? label
            : throw Bad("an integer label", cell, row, column);

    private DataException Bad(string expected, string cell, long row, int column)
        => new(
            whose,
            $"{expected} in row {row}, column {column + 1}",
            $"'{cell}'",
            "mend it, or check header and separator");

    private static bool IsNumber(string cell) => TryNumber(cell, out _);

    private static bool TryNumber(string cell, out float value)
        => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
