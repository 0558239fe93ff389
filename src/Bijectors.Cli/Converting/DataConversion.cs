using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>Arrays and tables into each other: .npy, .npz (to read), and files of tables.</summary>
internal static class DataConversion
{
    private const string Npz = ".NPZ";
    private const string Npy = ".NPY";

    /// <summary>Whether a text names a file of data.</summary>
    public static bool IsOne(string source)
    {
        var file = Archive(source).File;
        return TableFile.IsOne(file) || Kind(file) is Npy or Npz;
    }

    /// <summary>Writes data in the kind that the ending of the file says.</summary>
    /// <param name="source">The file, with columns or the name of an array as elsewhere.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="dtype">The dtype of an array; null for that of the numbers.</param>
    /// <exception cref="UserException">The ending is another one, or the data are no rows of a table.</exception>
    public static ConvertResult Convert(string source, string path, ScalarType? dtype)
    {
        var kind = Path.GetExtension(path).ToUpperInvariant();
        if (kind != Npy && !TableFile.CanWrite(path))
        {
            throw new UserException(
                $"{path}: expected a file ending in .npy{TableFile.Endings} for data, got "
                + $"'{kind.ToLowerInvariant()}'.");
        }

        using var scope = NewDisposeScope();
        var (columns, values) = Read(source);
        values = dtype is { } wanted ? values.to(wanted) : values;
        if (kind == Npy)
        {
            Bijectors.Data.Npy.Write(path, values);
            return new(path, values.shape, values.dtype);
        }

        if (values.dim() is not (1 or 2))
        {
            throw new UserException(
                $"{path}: expected rows of a table, (N) or (N, columns), got {Shape.Of(values.shape)}; write a .npy.");
        }

        var rows = values.dim() == 1 ? values.unsqueeze(1) : values;
        TableFile.Write(
            path, columns ?? [.. Enumerable.Range(1, (int)rows.shape[1]).Select(i => new TableColumn($"x{i}"))], rows);
        return new(path, rows.shape, values.dtype);
    }

    /// <summary>The columns that are read, contexts first; null where they have no names.</summary>
    private static (IReadOnlyList<TableColumn>? Columns, Tensor Values) Read(string source)
    {
        var (file, key) = Archive(source);
        if (Kind(file) == Npz)
        {
            return (null, Bijectors.Data.Npz.Read(file, key));
        }

        if (Kind(file) == Npy)
        {
            return (null, Bijectors.Data.Npy.Read(file));
        }

        var (path, targets, context, categories, missing) = Datasets.TableColumns(source);
        using var table = TableFile.Read(path, targets, context, categories, missing);
        if (table.Context is not { } contexts)
        {
            return (table.Schema, table.Items.clone());
        }

        var given = table.ContextSchema is { } columns ? ContextTable.ToRows(columns, contexts) : contexts;
        return (table.Schema is { } items ? [.. table.ContextSchema!, .. items] : null, cat([given, table.Items], 1));
    }

    private static (string File, string? Key) Archive(string source)
    {
        var text = source.Split('?')[0];
        return File.Exists(text) || text.LastIndexOf('#') is not (> 0 and var hash)
            ? (text, null)
            : (text[..hash], text[(hash + 1)..]);
    }

    private static string Kind(string file) =>
        Path.GetExtension(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file)
            .ToUpperInvariant();
}
