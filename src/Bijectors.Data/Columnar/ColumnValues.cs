using System.Numerics;

namespace Bijectors.Data;

/// <summary>The values of one column as they are read, part by part.</summary>
/// <param name="field">The column.</param>
/// <param name="rows">How many there are.</param>
internal sealed class ColumnValues(ColumnarField field, int rows)
{
    // From here on not every whole number is a double.
    private const double ExactUpTo = 9_007_199_254_740_992;

    private readonly double[]? _numbers = field.Kind == ColumnarKind.Numbers ? new double[rows] : null;
    private readonly string?[]? _texts = field.Kind == ColumnarKind.Texts ? new string?[rows] : null;

    // Categories are few: each text is kept once.
    private readonly Dictionary<string, string> _known = [];
    private int _count;

    /// <summary>Whether a number was changed by taking it as a double.</summary>
    public bool LosesDigits { get; private set; }

    /// <summary>Adds a number.</summary>
    public void Add<T>(T? value)
        where T : struct, INumber<T>
    {
        if (value is not { } number)
        {
            _numbers![_count++] = double.NaN;
            return;
        }

        var rounded = double.CreateChecked(number);

        // In 128 bits, since the double next to the largest whole number is none of its type.
        LosesDigits |= Math.Abs(rounded) >= ExactUpTo
            && Int128.CreateSaturating(rounded) != Int128.CreateSaturating(number);
        _numbers![_count++] = rounded;
    }

    /// <summary>Adds a truth value as 0 or 1.</summary>
    public void Add(bool? value) => _numbers![_count++] = value is { } truth ? (truth ? 1 : 0) : double.NaN;

    /// <summary>Adds a text.</summary>
    public void Add(string? value)
    {
        var text = value;
        if (value is not null && !_known.TryGetValue(value, out text))
        {
            _known.Add(value, text = value);
        }

        _texts![_count++] = text;
    }

    /// <summary>All values.</summary>
    /// <exception cref="InvalidDataException">There are fewer than were announced.</exception>
    public TableSeries ToSeries() => _count < rows
        ? throw new InvalidDataException($"{_count} values in column '{field.Name}' of {rows}")
        : _numbers is null ? new(field.Name, _texts!) : new(field.Name, _numbers);
}
