namespace Bijectors.Data;

/// <summary>How a table is written.</summary>
/// <param name="Header">Whether the first line holds names; null: it does if none of its cells is a number.</param>
/// <param name="Separator">
/// What stands between cells; null: comma, semicolon, tab or bar, whichever the first lines use.
/// </param>
/// <param name="LabelColumn">The column of integer classes, negative from the end; null: none.</param>
internal readonly record struct CsvLayout(bool? Header, char? Separator, int? LabelColumn);
