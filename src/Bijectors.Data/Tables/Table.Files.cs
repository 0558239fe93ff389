namespace Bijectors.Data;

public sealed partial class Table
{
    /// <summary>
    /// Reads a Parquet file: truth values, whole numbers, floats and decimals as numbers, texts as texts.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns to read, by name or by number from 1; null for all.</param>
    /// <exception cref="DataException">
    /// The file is missing or damaged, or a column is not there or holds dates, nested values or bytes.
    /// </exception>
    public static Table ReadParquet(string file, IReadOnlyList<string>? columns = null) =>
        Read(file, ColumnarFormats.Parquet, columns);

    /// <summary>Reads an Arrow file or stream, as <see cref="ReadParquet"/> does.</summary>
    /// <inheritdoc cref="ReadParquet"/>
    public static Table ReadArrow(string file, IReadOnlyList<string>? columns = null) =>
        Read(file, ColumnarFormats.Arrow, columns);

    /// <summary>
    /// Writes a Parquet file, compressed by Snappy: numbers as doubles, and nulls for what is missing.
    /// </summary>
    /// <param name="file">The file, which is written aside and renamed when it is whole.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void WriteParquet(string file) =>
        TargetFile.Write("Table", file, stream => ParquetWriting.Write(this, stream));

    /// <summary>Writes an Arrow file, which is also a Feather file of version 2, as <see cref="WriteParquet"/>
    /// does but without compression.</summary>
    /// <inheritdoc cref="WriteParquet"/>
    public void WriteArrow(string file) =>
        TargetFile.Write("Table", file, stream => ArrowWriting.Write(this, stream));

    /// <summary>Writes the format that the name of a file ends in.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    internal void Write(string file)
    {
        switch (ColumnarFormats.Of(file))
        {
            case ColumnarFormats.Parquet:
                WriteParquet(file);
                break;
            case ColumnarFormats.Arrow:
                WriteArrow(file);
                break;
            default:
                var cells = Columns.Select(column => column.AsTexts()).ToList();
                CsvWriting.Write(
                    file,
                    [.. Columns.Select(column => column.Name)],
                    Enumerable.Range(0, Rows).Select(row => cells.Select(column => column[row] ?? "").ToArray()));
                break;
        }
    }

    private static Table Read(string path, string format, IReadOnlyList<string>? columns)
    {
        using var file = ColumnarFile.Open(path, format);
        var choice = new ColumnChoice(
            file.Whose, new TableRequest { Targets = columns }, [.. file.Fields.Select(field => field.Name)],
            file.Fields.Count);
        return file.Read([.. choice.Targets.Select(plan => plan.Index)]);
    }
}
