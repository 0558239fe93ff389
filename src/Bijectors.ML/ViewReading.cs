using Bijectors.Data;
using Microsoft.ML;

namespace Bijectors.ML;

/// <summary>Reads data views.</summary>
internal static class ViewReading
{
    /// <summary>The rows of a data view.</summary>
    /// <exception cref="DataException">A column cannot be read.</exception>
    public static Table Read(IDataView view, IReadOnlyList<string>? columns)
    {
        List<DataViewSchema.Column> asked = columns is null
            ? [.. view.Schema.Where(column => !column.IsHidden)]
            : [.. columns.Select(name => view.Schema.GetColumnOrNull(name) ?? throw new DataException(
                "IDataView", $"one of the columns {string.Join(", ", view.Schema.Select(column => column.Name))}",
                $"'{name}'"))];
        using var cursor = view.GetRowCursor(asked);
        var readers = asked.Select(column => ViewColumn.Of(column, cursor)).ToList();
        while (cursor.MoveNext())
        {
            foreach (var reader in readers)
            {
                reader.Read();
            }
        }

        return new([.. readers.SelectMany(reader => reader.ToSeries())]);
    }
}
