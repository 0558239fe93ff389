namespace Bijectors.Data;

/// <summary>The texts that name a data set on a command line, as one table.</summary>
internal static class DatasetSpec
{
    private static readonly (string Name, Func<int, Dataset> Open)[] Names =
    [
        ("digits", seed => Datasets.Digits(seed)),
        .. ToyShapes.Names.Select(name => (name, (Func<int, Dataset>)(seed => Datasets.Toy(name, seed: seed)))),
        ("fashion-mnist", seed => Datasets.FashionMnist(seed: seed)),
    ];

    private static readonly (string Kind, string Argument, Func<string, int, SpecQuery, Dataset> Open)[] Kinds =
    [
        ("fashion-mnist", "FOLDER", (folder, seed, _) => Datasets.FashionMnist(folder, seed: seed)),
        ("mnist", "FOLDER", (folder, seed, _) => IdxFolder.Open("mnist", folder, seed, null)),
        ("idx", "FOLDER", (folder, seed, _) => Datasets.Idx(folder, seed)),
        ("cifar10", "FOLDER", (folder, seed, _) => Datasets.Cifar10(folder, seed)),
        ("csv", "FILE", OpenCsv),
        ("parquet", "FILE", OpenParquet),
        ("arrow", "FILE", OpenArrow),
        ("npy", "FILE", (file, seed, _) => Datasets.Npy(file, seed: seed)),
        ("npz", "FILE[#KEY]", OpenNpz),
        ("png", "FOLDER", (folder, seed, _) => Datasets.PngFolder(folder, seed: seed)),
    ];

    public static IReadOnlyList<string> Spellings { get; } =
        [.. Names.Select(row => row.Name), .. Kinds.Select(row => $"{row.Kind}:{row.Argument}")];

    /// <summary>The path in the text of a table: that behind <c>csv:</c>, <c>parquet:</c> or <c>arrow:</c>.</summary>
    public static string TablePath(string spec) =>
        !File.Exists(spec)
        && spec.Split(':', 2) is ["csv" or ColumnarFormats.Parquet or ColumnarFormats.Arrow, var path] ? path : spec;

    public static Dataset Open(string text, int seed)
    {
        var (spec, query) = SpecQuery.Parse(text);
        var data = Open(spec, query, seed);
        try
        {
            // Tables and archives read their own columns; of anything else the class may be given.
            return query.IsEmpty || query.IsRead ? data : LabelContext.Of(text, data, query);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>The same data with a path that leads there from any folder.</summary>
    public static string Rooted(string text, string folder)
    {
        var (spec, _) = SpecQuery.Parse(text);
        var query = text[spec.Length..];
        var (kind, argument) = spec.Split(':', 2) is [var before, var after] ? (before, after) : ("", "");
        return Names.Any(row => row.Name == spec) ? text
            : Kinds.Any(row => row.Kind == kind) && argument.Length > 0
                ? $"{kind}:{Path.GetFullPath(argument, folder)}{query}"
            : $"{Path.GetFullPath(spec, folder)}{query}";
    }

    private static Dataset Open(string spec, SpecQuery query, int seed)
    {
        if (Names.FirstOrDefault(row => row.Name == spec) is { Open: { } named })
        {
            return named(seed);
        }

        // A colon may also belong to a path (C:\data.csv), so only a known kind counts.
        var (kind, argument) = spec.Split(':', 2) is [var before, var after] ? (before, after) : ("", "");
        if (Kinds.FirstOrDefault(row => row.Kind == kind) is { Open: { } opened })
        {
            return argument.Length > 0
                ? opened(argument, seed, query)
                : throw new DataException(spec, "a path after the colon", "nothing");
        }

        return KindOfPath(spec) is { } found
            ? Kinds.First(row => row.Kind == found).Open(spec, seed, query)
            : throw new DataException(
                spec,
                "a data set or a path",
                $"neither; there is {string.Join(", ", Spellings)}");
    }

    private static string? KindOfPath(string path)
    {
        var file = path.Split('#', 2)[0];
        if (File.Exists(path) || File.Exists(file))
        {
            return KindOfFile(file) ?? KindOfFile(path)
                ?? throw new DataException(
                    path,
                    "a file ending in .csv, .csv.gz, .tsv, .parquet, .arrow, .feather, .npy or .npz",
                    "another",
                    $"name its kind, as in csv:{path}");
        }

        return Directory.Exists(path)
            ? KindOfFolder(path) ?? throw new DataException(
                path,
                "a folder with IDX files, CIFAR-10 batches or PNG images",
                "none of them")
            : null;
    }

    private static string? KindOfFile(string path) => Path.GetExtension(Unpacked(path)).ToUpperInvariant() switch
    {
        ".CSV" or ".TSV" => "csv",
        ".NPY" => "npy",
        ".NPZ" => "npz",
        _ => ColumnarFormats.Of(path),
    };

    private static string Unpacked(string path)
        => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    private static string? KindOfFolder(string folder)
        => IdxFolder.IsOne(folder) ? "idx"
        : CifarFolder.IsOne(folder) ? "cifar10"
        : PngFolderReader.Files(folder).Length > 0 ? "png"
        : null;

    private static Dataset OpenCsv(string path, int seed, SpecQuery query)
    {
        var (file, targets, context, categories, missing) = query.Table(path);
        return Datasets.Csv(
            file, seed: seed, targets: targets, context: context, categories: categories, missing: missing);
    }

    private static Dataset OpenParquet(string path, int seed, SpecQuery query)
    {
        var (file, targets, context, categories, missing) = query.Table(path);
        return Datasets.Parquet(file, targets, context, categories, missing, seed: seed);
    }

    private static Dataset OpenArrow(string path, int seed, SpecQuery query)
    {
        var (file, targets, context, categories, missing) = query.Table(path);
        return Datasets.Arrow(file, targets, context, categories, missing, seed: seed);
    }

    private static Dataset OpenNpz(string path, int seed, SpecQuery query)
    {
        var context = query.Text("context");
        return File.Exists(path) || path.LastIndexOf('#') is not (>= 0 and var hash)
            ? Datasets.Npz(path, seed: seed, context: context)
            : Datasets.Npz(path[..hash], path[(hash + 1)..], seed: seed, context: context);
    }
}
