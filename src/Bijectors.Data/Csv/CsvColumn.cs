using System.Globalization;

namespace Bijectors.Data;

/// <summary>The cells of one column as they are read.</summary>
/// <param name="whose">The table, for messages.</param>
/// <param name="plan">What the column is.</param>
internal sealed class CsvColumn(string whose, ColumnPlan plan)
{
    private static readonly string[] MissingWords = ["", "NA", "N/A", "NAN", "NULL"];

    private readonly List<double> _numbers = [];
    private readonly List<string?> _texts = [];

    // Categories are few: each text is kept once.
    private readonly Dictionary<string, string> _known = [];

    /// <summary>What the column is.</summary>
    public ColumnPlan Plan => plan;

    /// <summary>Whether a cell reads as a number.</summary>
    public static bool IsNumber(string cell) => TryNumber(cell, out _);

    /// <summary>Reads a cell as a number.</summary>
    public static bool TryNumber(string cell, out double value)
        => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>Whether a cell says that its number is not known.</summary>
    public static bool IsMissing(string cell) => MissingWords.Contains(cell.Trim().ToUpperInvariant());

    /// <summary>Adds a cell.</summary>
    /// <exception cref="DataException">It should be a number and is none.</exception>
    public void Add(string cell, long row)
    {
        if (!plan.IsCategory)
        {
            _numbers.Add(Value(cell, row));
            return;
        }

        if (!_known.TryGetValue(cell, out var text))
        {
            CheckEncoding(whose, cell, row);
            _known.Add(cell, text = cell);
        }

        _texts.Add(text);
    }

    /// <summary>Stops where a text is not in UTF-8: letters that differ would be read as the same.</summary>
    /// <exception cref="DataException">The bytes were no UTF-8.</exception>
    public static void CheckEncoding(string whose, string cell, long row)
    {
        if (cell.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new DataException(
                whose, $"text in UTF-8 in row {row}", $"'{cell}'", "save the table in UTF-8");
        }
    }

    /// <summary>All cells.</summary>
    public TableSeries ToSeries() => plan.IsCategory ? new(plan.Name, _texts) : new(plan.Name, _numbers);

    private double Value(string cell, long row)
    {
        if (TryNumber(cell, out var value) && float.IsFinite((float)value))
        {
            return value;
        }

        var isMissing = IsMissing(cell);
        if (isMissing && plan.MayBeMissing)
        {
            return double.NaN;
        }

        // 1,5 between semicolons, tabs or quotes.
        var isDecimal = cell.Count(c => c == ',') == 1 && TryNumber(cell.Replace(',', '.'), out _);
        throw new DataException(
            whose,
            $"a finite number in row {row}, {plan.Shown}",
            $"'{cell}'",
            isDecimal ? "write decimals with a point, as 1.5"
                : isMissing ? TableCoder.EmptyAdvice(plan)
                : "mend it, name the column under category= (categories: in code) if it holds categories, "
                    + "leave it out (name the others as target), or check header and separator");
    }
}
