namespace Bijectors.Data;

/// <summary>Items of a table in memory.</summary>
internal static class TableItems
{
    /// <summary>The content of a table.</summary>
    /// <param name="whose">What the table is called in messages.</param>
    /// <param name="table">The table.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="isForTraining">Whether columns without spread are refused, and odd numbers told of.</param>
    /// <exception cref="DataException">Something is asked for that is not there, or a value cannot be used.</exception>
    public static TableContent Of(string whose, Table table, TableRequest request, bool isForTraining)
    {
        return Of(
            whose, request, [.. table.Columns.Select(column => column.Name)],
            column => table.Columns[column].Texts is not null,
            columns => new Table([.. columns.Select(column => table.Columns[column])]) { Warnings = table.Warnings },
            isForTraining);
    }

    /// <summary>The content of a file, of which only those columns are read that are asked for.</summary>
    /// <inheritdoc cref="Of(string, Table, TableRequest, bool)"/>
    public static TableContent Of(ColumnarFile file, TableRequest request, bool isForTraining) => Of(
        file.Whose, request, [.. file.Fields.Select(field => field.Name)],
        column => file.Fields[column].Kind == ColumnarKind.Texts, file.Read, isForTraining);

    private static TableContent Of(
        string whose,
        TableRequest request,
        IReadOnlyList<string> names,
        Func<int, bool> isText,
        Func<IReadOnlyList<int>, Table> read,
        bool isForTraining)
    {
        var choice = new ColumnChoice(whose, request, names, names.Count, isText);
        foreach (var plan in choice.Read.Where(plan => !plan.IsCategory && isText(plan.Index)))
        {
            throw new DataException(whose, $"numbers in {plan.Shown}, as its schema says", "texts");
        }

        var table = read([.. choice.Read.Select(plan => plan.Index)]);
        if (table.Rows == 0)
        {
            throw new DataException(whose, "rows", "none");
        }

        var content = new TableCoder(whose, choice).Code(table.Columns, null, isForTraining);
        return content with { Warnings = [.. table.Warnings, .. content.Warnings] };
    }
}
