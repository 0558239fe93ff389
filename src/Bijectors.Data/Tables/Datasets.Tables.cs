using static TorchSharp.torch;

namespace Bijectors.Data;

public static partial class Datasets
{
    /// <summary>
    /// A table: each line an item, each column a number with a decimal point as in <c>1.5e-3</c>, or the name of a
    /// category. Blank lines are skipped; a name ending in <c>.gz</c> is unpacked.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="header">
    /// Whether the first line holds names; null to see: it does if none of its cells is a number.
    /// </param>
    /// <param name="separator"> The delimiter of cells; null to see which of comma, semicolon, tab and bar the first
    /// lines use.
    /// </param>
    /// <param name="labelColumn">
    /// The column of integer classes, from 0, or from the end with -1; null if there is none.
    /// </param>
    /// <param name="split">How items are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="targets">
    /// The columns of an item, by name or by number from 1; null for all that are nothing else. Columns that are
    /// neither targets nor context are not read, and may hold anything.
    /// </param>
    /// <param name="context">
    /// The columns that items are given, in the same way; null for none. Of a category it is one-hot: a column for
    /// each, which is called <c>column=category</c>.
    /// </param>
    /// <param name="categories">
    /// The columns that hold categories, in the same way: items hold the code of the text in each cell, spaces around
    /// it left out. Codes are 0, 1, ... in ordinal order of the texts, or, where all are numbers, in theirs.
    /// </param>
    /// <param name="missing">
    /// The columns of which cells may be empty. In one of numbers a cell that is empty or holds NA, N/A, nan or null is
    /// NaN; in one of categories an empty cell is a category of its own, with an empty name.
    /// </param>
    /// <param name="schema">
    /// What is known of columns, by name, before <paramref name="categories"/> and <paramref name="missing"/>: codes
    /// are those of <see cref="TableColumn.Categories"/>, and another text is refused. Without
    /// <paramref name="targets"/> its columns are the items.
    /// </param>
    /// <exception cref="DataException">
    /// The file is missing or empty, a column holds the same number in each row, a line has another number of cells
    /// than the first, a cell is not a finite number or a label not an integer (line and column are named), a column
    /// has fewer than 2 or more than 10,000 categories, or, of at least 20 rows, more than one for two rows; the split
    /// does not fit.
    /// </exception>
    public static Dataset Csv(
        string file,
        bool? header = null,
        char? separator = null,
        int? labelColumn = null,
        Split? split = null,
        int seed = 0,
        IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? context = null,
        IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? missing = null,
        IReadOnlyList<TableColumn>? schema = null)
    {
        var request = Request(targets, context, categories, missing, schema, labelColumn);
        return CsvTable.Open(file, new CsvLayout(header, separator, request), split ?? Split.Usual, seed);
    }

    /// <summary>
    /// A table in memory. Columns of texts hold categories; what else is asked for is as in <see cref="Csv"/>.
    /// </summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="table">The table.</param>
    /// <param name="targets">The columns of an item, by name or by number from 1; null for all that are not
    /// context.</param>
    /// <param name="context">The columns that items are given; null for none.</param>
    /// <param name="categories">The columns of numbers that are categories all the same; null for none.</param>
    /// <param name="missing">The columns in which values may be missing; null for none.</param>
    /// <param name="schema">What is known of columns, by name; null for nothing.</param>
    /// <param name="split">How items are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <exception cref="DataException">As in <see cref="Csv"/>.</exception>
    public static Dataset FromTable(
        string name,
        Table table,
        IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? context = null,
        IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? missing = null,
        IReadOnlyList<TableColumn>? schema = null,
        Split? split = null,
        int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(table);
        var request = Request(targets, context, categories, missing, schema);
        using var scope = NewDisposeScope();
        return TableItems.Of(name, table, request, isForTraining: true).Deal(name, split ?? Split.Usual, seed);
    }

    /// <summary>
    /// A table in an Apache Parquet file. Truth values (0 and 1), whole numbers, floats and decimals are numbers, texts
    /// are categories, and nulls are missing values; dates, nested values and bytes are refused where they are asked
    /// for. Only the columns of items and contexts are read.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="targets">The columns of an item, by name or by number from 1; null for all that are not
    /// context.</param>
    /// <param name="context">The columns that items are given; null for none.</param>
    /// <param name="categories">The columns of numbers that are categories all the same; null for none.</param>
    /// <param name="missing">The columns in which values may be missing; null for none.</param>
    /// <param name="schema">What is known of columns, by name; null for nothing.</param>
    /// <param name="split">How items are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <exception cref="DataException">
    /// The file is missing or damaged, or holds something else; what it holds is refused as in <see cref="Csv"/>.
    /// </exception>
    public static Dataset Parquet(
        string file,
        IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? context = null,
        IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? missing = null,
        IReadOnlyList<TableColumn>? schema = null,
        Split? split = null,
        int seed = 0)
        => OpenColumnar(
            file, ColumnarFormats.Parquet, Request(targets, context, categories, missing, schema), split, seed);

    /// <summary>
    /// A table in an Apache Arrow file or stream, that is also in a Feather file of version 2; its types as in
    /// <see cref="Parquet"/>. Texts coded by a dictionary are categories as others are.
    /// </summary>
    /// <inheritdoc cref="Parquet"/>
    public static Dataset Arrow(
        string file,
        IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? context = null,
        IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? missing = null,
        IReadOnlyList<TableColumn>? schema = null,
        Split? split = null,
        int seed = 0)
        => OpenColumnar(
            file, ColumnarFormats.Arrow, Request(targets, context, categories, missing, schema), split, seed);

    /// <summary>
    /// A table in a file, in the format that its ending says: as <see cref="Parquet"/> and <see cref="Arrow"/> read it,
    /// or else as <see cref="Csv"/> does.
    /// </summary>
    /// <inheritdoc cref="Parquet"/>
    public static Dataset ReadTable(
        string file,
        IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? context = null,
        IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? missing = null,
        IReadOnlyList<TableColumn>? schema = null,
        Split? split = null,
        int seed = 0)
    {
        var request = Request(targets, context, categories, missing, schema);
        return ColumnarFormats.Of(file) is { } format
            ? OpenColumnar(file, format, request, split, seed)
            : CsvTable.Open(file, new CsvLayout(null, null, request), split ?? Split.Usual, seed);
    }

    private static Dataset OpenColumnar(string path, string format, TableRequest request, Split? split, int seed)
    {
        using var scope = NewDisposeScope();
        using var file = ColumnarFile.Open(path, format);
        return TableItems.Of(file, request, isForTraining: true).Deal(file.Whose, split ?? Split.Usual, seed);
    }

    private static TableRequest Request(
        IReadOnlyList<string>? targets,
        IReadOnlyList<string>? context,
        IReadOnlyList<string>? categories,
        IReadOnlyList<string>? missing,
        IReadOnlyList<TableColumn>? schema,
        int? labelColumn = null) => new()
        {
            Targets = targets,
            Context = context,
            Categories = categories,
            Missing = missing,
            Schema = schema,
            LabelColumn = labelColumn,
        };
}
