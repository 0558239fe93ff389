using System.Globalization;
using Bijectors.Data;
using Microsoft.Data.Analysis;

namespace Bijectors.ML;

/// <summary>Columns from and to those of data frames.</summary>
internal static class FrameConversion
{
    /// <summary>A column of a table as one of a data frame.</summary>
    public static DataFrameColumn Column(TableSeries series) => series.Texts is { } texts
        ? new StringDataFrameColumn(series.Name, texts)
        : new DoubleDataFrameColumn(
            series.Name, series.Numbers!.Select(number => double.IsNaN(number) ? (double?)null : number));

    /// <summary>The rows of a data frame.</summary>
    /// <exception cref="DataException">A column cannot be read.</exception>
    public static Table Read(DataFrame frame, IReadOnlyList<string>? columns)
    {
        var names = columns ?? [.. frame.Columns.Select(column => column.Name)];
        return new([.. names.Select(name => Series(
            frame.Columns.FirstOrDefault(column => column.Name == name) ?? throw new DataException(
                "DataFrame", $"one of the columns {string.Join(", ", frame.Columns.Select(column => column.Name))}",
                $"'{name}'")))]);
    }

    private static TableSeries Series(DataFrameColumn column)
    {
        var rows = Enumerable.Range(0, checked((int)column.Length));
        if (column.DataType == typeof(string))
        {
            return new(column.Name, (IReadOnlyList<string?>)[.. rows.Select(row => (string?)column[row])]);
        }

        var code = Type.GetTypeCode(column.DataType);
        return code is TypeCode.Boolean or (>= TypeCode.SByte and <= TypeCode.Decimal)
            ? new(column.Name, (IReadOnlyList<double>)[.. rows.Select(row => column[row] is { } value
                ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : double.NaN)])
            : throw new DataException(
                "DataFrame", $"numbers or texts in column '{column.Name}'", column.DataType.Name,
                "leave the column out: name the others");
    }
}
