using System.Globalization;

namespace Bijectors.Data;

/// <summary>Texts of a column as codes of categories.</summary>
internal static class CategoryCodes
{
    // Where half of the rows hold a text of their own, nothing can be learned of any of them.
    private const int LeastRows = 20;
    private const int ShownCategories = 20;

    /// <summary>The categories of a column, and the code of each row.</summary>
    /// <exception cref="DataException">A text is empty or not known, or there are too few or too many.</exception>
    public static (IReadOnlyList<string> Categories, int[] Codes) Of(
        string whose, ColumnPlan column, IReadOnlyList<string?> texts, Func<int, long> rowNumber)
    {
        var categories = column.Known ?? Sorted(whose, column, texts);
        var codes = new Dictionary<string, int>(categories.Count);
        for (var code = 0; code < categories.Count; code++)
        {
            codes.Add(categories[code], code);
        }

        var all = new int[texts.Count];
        for (var row = 0; row < all.Length; row++)
        {
            var text = texts[row] ?? "";
            if (codes.TryGetValue(text, out all[row]) || codes.TryGetValue(text.Trim(), out all[row]))
            {
                continue;
            }

            throw text.Trim().Length == 0 ? Empty(whose, column, rowNumber(row)) : new DataException(
                whose,
                $"one of the categories {Shown(categories)} in row {rowNumber(row)}, {column.Shown}",
                $"'{text}'",
                "mend the cell, leave the row out, or train on rows with this category too");
        }

        return (categories, all);
    }

    private static List<string> Sorted(string whose, ColumnPlan column, IReadOnlyList<string?> texts)
    {
        var distinct = new HashSet<string>(texts.Select(text => (text ?? "").Trim()));
        distinct.Remove("");
        if (distinct.Count > TableColumn.MostCategories
            || (texts.Count >= LeastRows && distinct.Count > texts.Count / 2))
        {
            throw new DataException(
                whose,
                $"at most {Math.Min(TableColumn.MostCategories, texts.Count / 2)} categories in {column.Shown} of "
                    + $"{texts.Count} rows",
                $"{distinct.Count}",
                "it looks like an identifier: leave the column out, or put rare ones together");
        }

        if (distinct.Count < 2)
        {
            throw new DataException(
                whose, $"at least 2 categories in {column.Shown}",
                distinct.Count == 0 ? "none" : $"'{distinct.First()}' alone",
                "leave the column out: name the others as target");
        }

        List<string> sorted = distinct.All(text => Number(text) is not null)
            ? [.. distinct.OrderBy(text => Number(text)).ThenBy(text => text, StringComparer.Ordinal)]
            : [.. distinct.Order(StringComparer.Ordinal)];
        return column.MayBeMissing ? ["", .. sorted] : sorted;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null;

    private static DataException Empty(string whose, ColumnPlan column, long row) => new(
        whose,
        $"a category in row {row}, {column.Shown}",
        "an empty cell",
        column.Known is null
            ? "fill the cell, or name the column under missing= (missing: in code) to make an empty cell a category"
            : "fill the cell, or train on rows with empty cells in a column named under missing=");

    private static string Shown(IReadOnlyList<string> categories) => categories.Count <= ShownCategories
        ? string.Join(", ", categories)
        : $"{string.Join(", ", categories.Take(ShownCategories))}, ... ({categories.Count} of them)";
}
