namespace Bijectors.Data;

/// <summary>A file of columns that says what they hold, of which only those are read that are asked for.</summary>
/// <param name="whose">The file, for messages.</param>
/// <param name="length">Its size in bytes.</param>
internal abstract class ColumnarFile(string whose, long length) : IDisposable
{
    private List<int>? _readable;
    private Table? _all;

    /// <summary>The file, for messages.</summary>
    public string Whose => whose;

    /// <summary>All columns.</summary>
    public abstract IReadOnlyList<ColumnarField> Fields { get; }

    /// <summary>What the format is called, with its article.</summary>
    protected abstract string Format { get; }

    /// <summary>Opens a file of a format, or of the one that its name ends in.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">One of <see cref="ColumnarFormats"/>; null to see.</param>
    /// <exception cref="DataException">It is missing or damaged.</exception>
    public static ColumnarFile Open(string path, string? format = null)
    {
        var whose = Path.GetFileName(path);
        var stream = SourceFile.Open(whose, path);
        return (format ?? ColumnarFormats.Of(path)) == ColumnarFormats.Parquet
            ? ParquetTable.Open(whose, stream)
            : ArrowTable.Open(whose, stream);
    }

    /// <summary>Some columns as a table.</summary>
    /// <param name="columns">Their places, in the order of the table.</param>
    /// <exception cref="DataException">One holds neither numbers nor texts, or the file is damaged.</exception>
    public Table Read(IReadOnlyList<int> columns)
    {
        foreach (var column in columns.Where(column => Fields[column].Kind == ColumnarKind.Other))
        {
            throw new DataException(
                whose, $"numbers or texts in column {column + 1} ('{Fields[column].Name}')", Fields[column].Type,
                "leave the column out: name the others as target");
        }

        return _readable is { } all
            ? new Table([.. columns.Select(column => _all!.Columns[all.IndexOf(column)])])
            : Guarded(() => ReadNow(columns));
    }

    /// <summary>All columns that hold numbers or texts; those that are asked for later are taken from them.</summary>
    /// <exception cref="DataException">There are none, or the file is damaged.</exception>
    public Table ReadAll()
    {
        List<int> readable =
            [.. Enumerable.Range(0, Fields.Count).Where(column => Fields[column].Kind != ColumnarKind.Other)];
        _all = Read(readable);
        _readable = readable;
        return _all;
    }

    private Table ReadNow(IReadOnlyList<int> columns)
    {
        var values = ReadValues(columns);
        return new Table([.. values.Select(column => column.ToSeries())])
        {
            Warnings =
            [
                .. columns.Zip(values).Where(pair => pair.Second.LosesDigits).Select(pair =>
                    $"{whose}: numbers of column {pair.First + 1} ('{Fields[pair.First].Name}') lie beyond 2^53 "
                        + "and lose their last digits; take it for a category, or leave it out."),
            ],
        };
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The values of columns that hold numbers or texts.</summary>
    protected abstract IReadOnlyList<ColumnValues> ReadValues(IReadOnlyList<int> columns);

    /// <summary>Stops where values would take more memory than a file of this size may ask for.</summary>
    /// <exception cref="DataException">They would.</exception>
    protected int CheckRows(long rows, int columns)
    {
        var most = PackedFile.MostUnpacked(length);
        if (rows < 0 || rows > Array.MaxLength || rows > most / (sizeof(double) * Math.Max(1, columns)))
        {
            throw new DataException(
                whose, $"at most {most} bytes for the values of {columns} columns", $"{rows} rows",
                "the file is damaged, or is to be read in parts");
        }

        RawTensor.CheckRoom(whose, rows * columns * sizeof(double));
        return (int)rows;
    }

    /// <summary>Runs a library that throws what it likes at damaged files.</summary>
    /// <exception cref="DataException">It threw something.</exception>
    protected T Guarded<T>(Func<T> read) => Guarded(whose, Format, read);

    /// <inheritdoc cref="Guarded{T}(Func{T})"/>
    protected static T Guarded<T>(string whose, string format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not DataException)
        {
            throw new DataException(
                whose, $"{format} file that can be read", "one that cannot",
                "it is damaged, or written in a way that is not known here", exception);
        }
    }
}
