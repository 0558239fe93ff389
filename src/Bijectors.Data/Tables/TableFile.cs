using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// A table as it stands in its file: rows in their order with all their cells, and the numbers of those columns that
/// were asked for. What is computed of a row can be written beside it.
/// </summary>
public sealed class TableFile : IDisposable
{
    private readonly TableRows _rows;

    private TableFile(TableRows rows, TableContent content)
    {
        _rows = rows;
        (Schema, ContextSchema) = (content.Schema, content.ContextSchema);
        Items = content.Items.DetachFromDisposeScope();
        Context = content.Context?.DetachFromDisposeScope();
    }

    /// <summary>The names of all columns; null where the file has none.</summary>
    public IReadOnlyList<string>? Header => _rows.Header;

    /// <summary>The columns of an item; null where the file has no names, categories or empty cells.</summary>
    public IReadOnlyList<TableColumn>? Schema { get; }

    /// <summary>The columns that items are given; null where there are none or <see cref="Schema"/> is.</summary>
    public IReadOnlyList<TableColumn>? ContextSchema { get; }

    /// <summary>The numbers of the targets, codes of categories among them, float32 <c>(N, d)</c>.</summary>
    public Tensor Items { get; }

    /// <summary>
    /// The numbers of the columns that they are given, float32 <c>(N, c)</c>, a column for each category; null where
    /// none were asked for.
    /// </summary>
    public Tensor? Context { get; }

    /// <summary>
    /// True for a file that ends as a table does: .csv or .tsv, perhaps with .gz, .parquet, .arrow or .feather.
    /// </summary>
    /// <param name="file">The file.</param>
    public static bool IsOne(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var name = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return Path.GetExtension(name).ToUpperInvariant() is ".CSV" or ".TSV" || ColumnarFormats.Of(file) is not null;
    }

    /// <summary>True for a file whose name says how a table is written: as <see cref="IsOne"/>, but not .gz.</summary>
    /// <param name="file">The file.</param>
    public static bool CanWrite(string file) =>
        IsOne(file) && !file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The endings that <see cref="CanWrite"/> knows, to stand behind others in a message.</summary>
    public static string Endings => ", .csv, .tsv, .parquet, .arrow or .feather";

    /// <summary>Reads a table.</summary>
    /// <param name="file">
    /// The file, as in <see cref="Datasets.Csv"/>, <see cref="Datasets.Parquet"/> or <see cref="Datasets.Arrow"/>,
    /// whichever its ending says.
    /// </param>
    /// <param name="targets">
    /// The columns of an item; null for those of the schema, or, without one, all that are not context.
    /// </param>
    /// <param name="context">The columns that items are given; null for none.</param>
    /// <param name="categories">The columns that hold categories, as in <see cref="Datasets.Csv"/>.</param>
    /// <param name="missing">The columns of which cells may be empty, as in <see cref="Datasets.Csv"/>.</param>
    /// <param name="schema">What is known of columns, as in <see cref="Datasets.Csv"/>.</param>
    /// <exception cref="DataException">As in <see cref="Datasets.Csv"/>, but for columns without spread.</exception>
    public static TableFile Read(
        string file,
        IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? context = null,
        IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? missing = null,
        IReadOnlyList<TableColumn>? schema = null)
    {
        var request = new TableRequest
        {
            Targets = targets, Context = context, Categories = categories, Missing = missing, Schema = schema,
        };
        using var scope = NewDisposeScope();
        if (ColumnarFormats.Of(file) is { } format)
        {
            using var columnar = ColumnarFile.Open(file, format);
            var all = new TableRows(columnar);
            return new(all, TableItems.Of(columnar, request, isForTraining: false));
        }

        var whose = Path.GetFileName(file);
        using var source = SourceFile.Open(whose, file);
        var cells = new List<string[]>();
        var rows = CsvTable.Read(whose, source, new CsvLayout(null, null, request), cells.Add);
        var content = rows.ToContent(isForTraining: false);
        return new(rows.HasHeader ? new TableRows(cells[0], cells[1..]) : new TableRows(null, cells), content);
    }

    /// <summary>
    /// Reads a table as that of another data set was read: the same columns, and the same code for each category.
    /// </summary>
    /// <param name="file">The file, as above.</param>
    /// <param name="items">The columns of an item, as in <see cref="Dataset.Schema"/>.</param>
    /// <param name="context">
    /// The columns that items are given, as in <see cref="DatasetContext.Schema"/>; null for none.
    /// </param>
    /// <exception cref="DataException">As above; a category is not among those of its column.</exception>
    public static TableFile Read(
        string file, IReadOnlyList<TableColumn> items, IReadOnlyList<TableColumn>? context = null) =>
        Read(
            file,
            [.. items.Select(column => column.Name)],
            context is null ? null : [.. context.Select(column => column.Name)],
            schema: [.. items, .. context ?? []]);

    /// <summary>
    /// Writes the table with further columns behind its own: aside first, and renamed when it is whole.
    /// </summary>
    /// <param name="file">
    /// The file to write, in the format that its name ends in: .parquet, .arrow or .feather, .tsv with tabs between
    /// values, with commas else.
    /// </param>
    /// <param name="columns">The names of the columns, and a number for each row.</param>
    /// <exception cref="DataException">
    /// The file cannot be written, a column has another number of rows, or the table that was read has columns that
    /// hold neither numbers nor texts.
    /// </exception>
    public void WriteWith(string file, params IReadOnlyList<(string Name, IReadOnlyList<double> Values)> columns) =>
        _rows.WriteWith(file, columns);

    /// <summary>Writes numbers as a table.</summary>
    /// <param name="file">The file to write, as in <see cref="WriteWith"/>.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="values">The numbers, <c>(N, d)</c>.</param>
    /// <exception cref="DataException">The file cannot be written, or the names do not fit.</exception>
    public static void Write(string file, IReadOnlyList<string> header, Tensor values)
    {
        if (values.dim() != 2 || values.size(1) != header.Count)
        {
            throw new DataException(
                "TableFile", $"rows of {header.Count} numbers, one for each name", ShapeText.Of(values));
        }

        if (ColumnarFormats.Of(file) is not null)
        {
            Table.Of(TableColumn.OfNames(header)!, values).Write(file);
            return;
        }

        var rows = ShortNumbers.Of(values).Chunk(header.Count);
        CsvWriting.Write(file, header, rows.Select(row => row.Select(CsvWriting.Text).ToArray()));
    }

    /// <summary>Writes items as a table: names of categories for codes, empty cells for NaN.</summary>
    /// <param name="file">The file to write, as in <see cref="WriteWith"/>.</param>
    /// <param name="schema">The columns of an item, as in <see cref="Dataset.Schema"/>.</param>
    /// <param name="values">The items, <c>(N, d)</c>.</param>
    /// <exception cref="DataException">
    /// The file cannot be written, the columns do not fit, or a value is no code of its column.
    /// </exception>
    public static void Write(string file, IReadOnlyList<TableColumn> schema, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.All(column => column is { Categories: null, MayBeMissing: false }))
        {
            // NaN is no missing number there, and stands in the file as it is.
            Write(file, [.. schema.Select(column => column.Name)], values);
            return;
        }

        Table.Of(schema, values).Write(file);
    }

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        Items.Dispose();
        Context?.Dispose();
    }
}
