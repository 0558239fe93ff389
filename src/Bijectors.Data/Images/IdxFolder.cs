using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>The four IDX files of MNIST and its relatives.</summary>
internal static class IdxFolder
{
    public static bool IsOne(string folder) => Find(folder, "train-images", 3) is not null;

    public static Dataset Open(string name, string folder, int seed, int? validation)
    {
        if (!Directory.Exists(folder))
        {
            throw SourceFile.NoFolder(name, folder);
        }

        using var scope = NewDisposeScope();
        var train = (Images(name, folder, "train-images"), Labels(folder, "train-labels"));
        var test = (Images(name, folder, "t10k-images"), Labels(folder, "t10k-labels"));
        return SplitItems.Deal(name, train, test, validation, seed, 256);
    }

    private static Tensor Images(string name, string folder, string stem)
        => Find(folder, stem, 3) is { } path
            ? IdxFile.Read(path, 3).unsqueeze(1)
            : throw new DataException(
                name,
                $"the file {stem}-idx3-ubyte or {stem}-idx3-ubyte.gz in '{folder}'",
                "neither");

    private static Tensor? Labels(string folder, string stem)
        => Find(folder, stem, 1) is { } path ? IdxFile.Read(path, 1) : null;

    private static string? Find(string folder, string stem, int rank)
        => new[] { $"{stem}-idx{rank}-ubyte", $"{stem}.idx{rank}-ubyte" }
            .SelectMany(file => new[] { file, file + ".gz" })
            .Select(file => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
}
