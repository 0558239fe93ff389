using Bijectors.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Bijectors.ML;

/// <summary>A table as ML.NET sees it. Nothing is copied: a cursor reads the columns of the table.</summary>
internal sealed class TableDataView : IDataView
{
    private readonly Table _table;

    /// <summary>A view of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="numbers">The type that numbers are given as, Single or Double.</param>
    public TableDataView(Table table, NumberDataViewType numbers)
    {
        _table = table;
        var builder = new DataViewSchema.Builder();
        foreach (var column in table.Columns)
        {
            builder.AddColumn(column.Name, column.Texts is null ? numbers : TextDataViewType.Instance);
        }

        Schema = builder.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => true;

    /// <inheritdoc/>
    public long? GetRowCount() => _table.Rows;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        int[]? order = null;
        if (rand is not null)
        {
            order = [.. Enumerable.Range(0, _table.Rows)];
            rand.Shuffle(order);
        }

        return new TableCursor(_table, Schema, columnsNeeded.Select(column => column.Index).ToHashSet(), order);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
