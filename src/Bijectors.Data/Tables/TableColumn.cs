using System.Globalization;

namespace Bijectors.Data;

/// <summary>
/// What a column of a table holds: numbers, or categories, of which an item holds the code. Columns are equal where
/// names, categories and what may be missing are.
/// </summary>
/// <param name="Name">The name of the column.</param>
public sealed record TableColumn(string Name)
{
    /// <summary>The most categories of a column.</summary>
    internal const int MostCategories = 10_000;

    /// <summary>
    /// The names of the categories: an item holds k for <c>Categories[k]</c>. Null for a column of numbers. An empty
    /// name stands for an empty cell.
    /// </summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Whether an item may hold NaN here, for a number that is not known. False of categories.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>The columns of an item by what a flow keeps of them.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="categories">For the place of each column of categories their names, in the order of codes.</param>
    /// <param name="missing">The places of the columns in which numbers may be missing.</param>
    public static IReadOnlyList<TableColumn> Of(
        IReadOnlyList<string> names, IReadOnlyDictionary<long, IReadOnlyList<string>> categories,
        IReadOnlyList<long> missing)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(missing);
        return
        [
            .. names.Select((name, place) => new TableColumn(name)
            {
                Categories = categories.GetValueOrDefault(place),
                MayBeMissing = missing.Contains(place),
            }),
        ];
    }

    /// <inheritdoc/>
    public bool Equals(TableColumn? other) =>
        other is not null && Name == other.Name && MayBeMissing == other.MayBeMissing
        && (Categories is null) == (other.Categories is null)
        && (Categories is null || Categories.SequenceEqual(other.Categories!));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, MayBeMissing, Categories?.Count);

    /// <summary>The name and what the column holds: <c>city (3 categories)</c>.</summary>
    public override string ToString() =>
        Categories is { } categories
            ? string.Create(CultureInfo.InvariantCulture, $"{Name} ({categories.Count} categories)")
        : MayBeMissing ? $"{Name} (numbers, some missing)" : $"{Name} (numbers)";

    /// <summary>Columns of numbers; null for null.</summary>
    internal static IReadOnlyList<TableColumn>? OfNames(IReadOnlyList<string>? names) =>
        names is null ? null : [.. names.Select(name => new TableColumn(name))];

    /// <summary>Stops where columns contradict themselves.</summary>
    /// <exception cref="DataException">
    /// A column has fewer than 2 or more than 10,000 categories, one of them twice, or codes that may be missing.
    /// </exception>
    internal static void Check(string whose, IReadOnlyList<TableColumn> columns)
    {
        foreach (var column in columns)
        {
            if (column.Categories is not { } categories)
            {
                continue;
            }

            if (categories.Count is < 2 or > MostCategories)
            {
                throw new DataException(
                    whose, $"2 to {MostCategories} categories of column '{column.Name}'", $"{categories.Count}");
            }

            if (categories.Distinct().Count() < categories.Count)
            {
                throw new DataException(whose, $"each category of column '{column.Name}' once", "one twice");
            }

            if (column.MayBeMissing)
            {
                throw new DataException(
                    whose, $"codes in each item of column '{column.Name}', which holds categories", "missing ones",
                    "give it a category with an empty name");
            }
        }
    }
}
