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
        if (table.Rows == 0)
        {
            throw new DataException(whose, "rows", "none");
        }

        var choice = new ColumnChoice(
            whose, request, [.. table.Columns.Select(column => column.Name)], table.Columns.Count,
            column => table.Columns[column].Texts is not null);
        foreach (var plan in choice.Read.Where(plan => !plan.IsCategory))
        {
            if (table.Columns[plan.Index].Texts is not null)
            {
                throw new DataException(whose, $"numbers in {plan.Shown}, as its schema says", "texts");
            }
        }

        return new TableCoder(whose, choice).Code(
            [.. choice.Read.Select(plan => table.Columns[plan.Index])], null, isForTraining);
    }
}
