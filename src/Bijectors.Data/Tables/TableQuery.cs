namespace Bijectors.Data;

/// <summary>
/// What a text says of a table: <c>csv:FILE?target=y&amp;context=x&amp;category=city&amp;missing=income</c>. Columns
/// are given by name or by number from 1; null where the text names none.
/// </summary>
/// <param name="File">The path.</param>
/// <param name="Targets">The columns of an item.</param>
/// <param name="Context">The columns that items are given.</param>
/// <param name="Categories">The columns that hold categories.</param>
/// <param name="Missing">The columns of which cells may be empty.</param>
public sealed record TableQuery(
    string File,
    IReadOnlyList<string>? Targets,
    IReadOnlyList<string>? Context,
    IReadOnlyList<string>? Categories,
    IReadOnlyList<string>? Missing);
