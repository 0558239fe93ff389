using Bijectors.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Bijectors.ML;

/// <summary>Goes through the rows of a table.</summary>
/// <param name="table">The table.</param>
/// <param name="schema">Its columns, as ML.NET calls them.</param>
/// <param name="active">The columns that are asked for.</param>
/// <param name="order">The order of rows; null for that of the table.</param>
internal sealed class TableCursor(Table table, DataViewSchema schema, IReadOnlySet<int> active, int[]? order)
    : DataViewRowCursor
{
    private long _position = -1;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <inheritdoc/>
    public override DataViewSchema Schema => schema;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        var isThere = _position + 1 < table.Rows;
        _position = isThere ? _position + 1 : table.Rows;
        return isThere;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw new InvalidOperationException(
                $"Table: expected a column that was asked for, got '{column.Name}'; name it when making the cursor.");
        }

        return Getter(column) as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Table: expected a getter of {column.Type.RawType.Name} for column '{column.Name}', "
            + $"got one of {typeof(TValue).Name}.");
    }

    private int Row => _position >= 0 && _position < table.Rows
        ? order?[_position] ?? (int)_position
        : throw new InvalidOperationException("Table: expected a row under the cursor, got none; call MoveNext first.");

    private Delegate Getter(DataViewSchema.Column column)
    {
        var series = table.Columns[column.Index];
        if (series.Texts is { } texts)
        {
            ValueGetter<ReadOnlyMemory<char>> text =
                (ref ReadOnlyMemory<char> value) => value = texts[Row].AsMemory();
            return text;
        }

        var numbers = series.Numbers!;
        ValueGetter<double> exact = (ref double value) => value = numbers[Row];
        ValueGetter<float> rounded = (ref float value) => value = (float)numbers[Row];
        return column.Type.RawType == typeof(double) ? exact : rounded;
    }
}
