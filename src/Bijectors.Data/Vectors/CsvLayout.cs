namespace Bijectors.Data;

/// <summary>How a table is written, and what its columns are.</summary>
/// <param name="Header">Whether the first line holds names; null: it does if none of its cells is a number.</param>
/// <param name="Separator"> The delimiter of cells; null: comma, semicolon, tab or bar, whichever the first lines use.
/// </param>
/// <param name="LabelColumn">The column of integer classes, negative from the end; null: none.</param>
internal readonly record struct CsvLayout(bool? Header, char? Separator, int? LabelColumn)
{
    /// <summary>The columns of an item, by name or by number from 1; null: all that are nothing else.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The columns that items are given, by name or by number from 1; null: none.</summary>
    public IReadOnlyList<string>? Context { get; init; }
}
