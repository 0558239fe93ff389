using Parquet;
using Parquet.Schema;

namespace Bijectors.Data;

/// <summary>Writes Parquet files.</summary>
internal static class ParquetWriting
{
    private const int GroupRows = 1 << 20;

    /// <summary>Writes a table, in groups of a million rows.</summary>
    public static void Write(Table table, Stream stream) =>
        Task.Run(() => WriteAsync(table, stream)).GetAwaiter().GetResult();

    private static async Task WriteAsync(Table table, Stream stream)
    {
        var fields = table.Columns.Select(column => column.Texts is null
            ? (DataField)new DataField<double>(column.Name, nullable: true)
            : new DataField<string>(column.Name, nullable: true)).ToList();
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var row = 0;
            do
            {
                var count = Math.Min(GroupRows, table.Rows - row);
                using var group = writer.CreateRowGroup();
                foreach (var (column, field) in table.Columns.Zip(fields))
                {
                    await WriteAsync(group, field, column, row, count).ConfigureAwait(false);
                }

                row += count;
            }
            while (row < table.Rows);
        }
    }

    private static Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, TableSeries column, int from, int count)
    {
        if (column.Texts is { } texts)
        {
            return group.WriteAsync(field, (IReadOnlyCollection<string?>)[.. texts.Skip(from).Take(count)]);
        }

        var values = new double?[count];
        for (var row = 0; row < count; row++)
        {
            values[row] = column.Numbers![from + row] is var number && double.IsNaN(number) ? null : number;
        }

        return group.WriteAsync<double>(field, (ReadOnlyMemory<double?>)values);
    }
}
