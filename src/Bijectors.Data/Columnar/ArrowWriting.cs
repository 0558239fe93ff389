using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Bijectors.Data;

/// <summary>Writes Arrow files.</summary>
internal static class ArrowWriting
{
    private const int BatchRows = 1 << 20;

    /// <summary>Writes a table, in batches of a million rows.</summary>
    public static void Write(Table table, Stream stream)
    {
        var schema = new Schema(
            table.Columns.Select(column => new Field(
                column.Name, column.Texts is null ? DoubleType.Default : StringType.Default, nullable: true)),
            metadata: null);
        using var writer = new ArrowFileWriter(stream, schema, leaveOpen: true);
        writer.WriteStart();

        // Without a batch the writer forgets the schema.
        var row = 0;
        do
        {
            var count = Math.Min(BatchRows, table.Rows - row);
            using var batch = new RecordBatch(
                schema, [.. table.Columns.Select(column => Array(column, row, count))], count);
            writer.WriteRecordBatch(batch);
            row += count;
        }
        while (row < table.Rows);

        writer.WriteEnd();
    }

    private static IArrowArray Array(TableSeries column, int from, int count)
    {
        if (column.Texts is { } texts)
        {
            var words = new StringArray.Builder().Reserve(count);
            for (var row = from; row < from + count; row++)
            {
                words.Append(texts[row]);
            }

            return words.Build();
        }

        var numbers = new DoubleArray.Builder().Reserve(count);
        for (var row = from; row < from + count; row++)
        {
            var number = column.Numbers![row];
            numbers.Append(double.IsNaN(number) ? null : number);
        }

        return numbers.Build();
    }
}
