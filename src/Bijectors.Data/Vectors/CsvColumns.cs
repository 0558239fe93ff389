using System.Globalization;

namespace Bijectors.Data;

/// <summary>What each column of a table is: part of an item, of its context, a label, or nothing.</summary>
internal sealed class CsvColumns
{
    private readonly IReadOnlyList<string>? _names;

    /// <summary>The columns of a table.</summary>
    /// <param name="whose">The table, for messages.</param>
    /// <param name="layout">What is asked for.</param>
    /// <param name="names">The cells of the header; null where there is none.</param>
    /// <param name="width">The number of columns.</param>
    /// <exception cref="DataException">A column is asked for that is not there, or one twice.</exception>
    public CsvColumns(string whose, CsvLayout layout, IReadOnlyList<string>? names, int width)
    {
        _names = names;
        Label = layout.LabelColumn is not { } label ? -1
            : label >= -width && label < width ? (label + width) % width
            : throw new DataException(whose, $"a label column from {-width} to {width - 1}", $"{label}");
        Context = [.. (layout.Context ?? []).Select(Find)];
        Targets = layout.Targets is { } targets
            ? [.. targets.Select(Find)]
            : [.. Enumerable.Range(0, width).Where(column => column != Label && !Context.Contains(column))];
        var all = Targets.Concat(Context).Append(Label).Where(column => column >= 0).ToList();
        if (all.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new DataException(
                whose, "each column once, as target, as context or as label", $"{Name(twice.Key)} twice");
        }

        if (Targets.Count == 0)
        {
            throw new DataException(whose, "a column for the items beside those of the context", "none");
        }

        int Find(string text)
        {
            var place = names is null ? -1 : names.ToList().FindIndex(name => name.Trim() == text);
            return place >= 0 ? place
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
                    && number <= width ? number - 1
                : throw new DataException(
                    whose,
                    names is null
                        ? $"a column from 1 to {width}, since there are no names"
                        : $"one of the columns {string.Join(", ", names)}",
                    $"'{text}'");
        }
    }

    /// <summary>Whether the table has names.</summary>
    public bool HasNames => _names is not null;

    /// <summary>The columns of an item.</summary>
    public IReadOnlyList<int> Targets { get; }

    /// <summary>The columns of its context.</summary>
    public IReadOnlyList<int> Context { get; }

    /// <summary>The column of labels, -1 for none.</summary>
    public int Label { get; }

    /// <summary>The names of columns; null where the table has none.</summary>
    public IReadOnlyList<string>? Names(IReadOnlyList<int> columns) =>
        _names is null ? null : [.. columns.Select(column => _names[column].Trim())];

    /// <summary>A column in a message.</summary>
    public string Name(int column) => _names is null
        ? $"column {column + 1}"
        : $"column {column + 1} ('{_names[column].Trim()}')";
}
