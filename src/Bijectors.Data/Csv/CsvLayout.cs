namespace Bijectors.Data;

/// <summary>How a table is written, and what is asked for of it.</summary>
/// <param name="Header">Whether the first line holds names; null: it does if none of its cells is a number.</param>
/// <param name="Separator"> The delimiter of cells; null: comma, semicolon, tab or bar, whichever the first lines use.
/// </param>
/// <param name="Request">The columns.</param>
internal sealed record CsvLayout(bool? Header, char? Separator, TableRequest Request);
