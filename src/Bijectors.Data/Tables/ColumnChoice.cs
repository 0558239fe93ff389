using System.Globalization;

namespace Bijectors.Data;

/// <summary>What each column of a table is: part of an item, of its context, a label, or nothing.</summary>
internal sealed class ColumnChoice
{
    private readonly string _whose;
    private readonly IReadOnlyList<string>? _names;
    private readonly int _width;

    /// <summary>The columns of a table.</summary>
    /// <param name="whose">The table, for messages.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="names">The names of all columns; null where there are none.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="isText">Whether a column holds texts by its type; null where types are not known.</param>
    /// <exception cref="DataException">A column is asked for that is not there, or one twice.</exception>
    public ColumnChoice(
        string whose, TableRequest request, IReadOnlyList<string>? names, int width, Func<int, bool>? isText = null)
    {
        (_whose, _width) = (whose, width);
        _names = names is null ? null : [.. names.Select(name => name.Trim())];
        Label = request.LabelColumn is not { } label ? -1
            : label >= -width && label < width ? (label + width) % width
            : throw new DataException(whose, $"a label column from {-width} to {width - 1}", $"{label}");
        TableColumn.Check(whose, request.Schema ?? []);
        List<int> context = [.. Find(request.Context)];
        List<int> targets = request.Targets is { } asked ? [.. Find(asked)]
            : request.Schema is { } known
                ? [.. Find([.. known.Select(column => column.Name)]).Where(column => !context.Contains(column))]
            : [.. Enumerable.Range(0, width).Where(column => column != Label && !context.Contains(column))];
        CheckOnce([.. targets, .. context, .. Label < 0 ? Array.Empty<int>() : [Label]]);
        if (targets.Count == 0)
        {
            throw new DataException(whose, "a column for the items beside those of the context", "none");
        }

        var (categories, missing) = (Find(request.Categories).ToHashSet(), Find(request.Missing).ToHashSet());
        foreach (var idle in categories.Concat(missing).Except([.. targets, .. context]))
        {
            throw new DataException(
                whose,
                "columns of items or contexts under category= and missing= (categories and missing in code)",
                Name(idle), "name it under target= as well, or leave it out");
        }

        ColumnPlan Plan(int column, bool isContext)
        {
            var name = _names?[column] ?? Number(column);
            var plan = new ColumnPlan(column, name, Name(column)) { IsContext = isContext };
            return request.Schema?.FirstOrDefault(each => each.Name.Trim() == name) is { } known
                ? plan with
                {
                    IsCategory = known.Categories is not null,
                    MayBeMissing = known.MayBeMissing || known.Categories?.Contains("") == true,
                    Known = known.Categories,
                }
                : plan with
                {
                    IsCategory = categories.Contains(column) || isText?.Invoke(column) == true,
                    MayBeMissing = missing.Contains(column),
                };
        }

        Targets = [.. targets.Select(column => Plan(column, false))];
        Context = [.. context.Select(column => Plan(column, true))];
        if (Context.FirstOrDefault(plan => plan.MayBeMissing && !plan.IsCategory) is { } empty)
        {
            throw new DataException(
                whose, "numbers in each row of the context, in which none may be missing",
                $"{empty.Shown} as one that may be empty",
                "fill it, or make it a column of the items");
        }
    }

    /// <summary>Whether the table has names.</summary>
    public bool HasNames => _names is not null;

    /// <summary>Whether items have a schema: where there are names, categories or empty cells.</summary>
    public bool HasSchema => HasNames || Read.Any(plan => plan.IsCategory || plan.MayBeMissing);

    /// <summary>The columns of an item.</summary>
    public IReadOnlyList<ColumnPlan> Targets { get; }

    /// <summary>The columns of its context.</summary>
    public IReadOnlyList<ColumnPlan> Context { get; }

    /// <summary>The columns of items and contexts, in this order.</summary>
    public IReadOnlyList<ColumnPlan> Read => [.. Targets, .. Context];

    /// <summary>The column of labels, -1 for none.</summary>
    public int Label { get; }

    /// <summary>A column in a message.</summary>
    public string Name(int column) =>
        _names is null ? $"column {Number(column)}" : $"column {Number(column)} ('{_names[column]}')";

    private static string Number(int column) => (column + 1).ToString(CultureInfo.InvariantCulture);

    private IEnumerable<int> Find(IReadOnlyList<string>? texts) => (texts ?? []).Select(Find);

    private int Find(string text)
    {
        var place = _names is null ? -1 : _names.ToList().IndexOf(text.Trim());
        if (place >= 0 && _names!.Count(name => name == text.Trim()) > 1)
        {
            throw new DataException(
                _whose, "columns of different names", $"'{text.Trim()}' twice", "name one of them otherwise");
        }

        return place >= 0 ? place
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
                && number <= _width ? number - 1
            : throw new DataException(
                _whose,
                _names is null
                    ? $"a column from 1 to {_width}, since there are no names"
                    : $"a column '{text}'",
                _names is null ? $"'{text}'" : $"the columns {string.Join(", ", _names)}");
    }

    private void CheckOnce(IReadOnlyList<int> columns)
    {
        if (columns.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new DataException(
                _whose, "each column once, as target, as context or as label", $"{Name(twice.Key)} twice");
        }
    }
}
