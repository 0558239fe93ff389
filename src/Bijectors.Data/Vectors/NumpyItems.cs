using System.IO.Compression;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>NumPy arrays as items: vectors, or images.</summary>
internal static class NumpyItems
{
    public static Dataset OpenNpy(string path, Split split, int seed)
    {
        using var scope = NewDisposeScope();
        return Deal(Path.GetFileName(path), Npy.Read(path), split, seed, null);
    }

    public static Dataset OpenNpz(string path, string? key, Split split, int seed, string? context)
    {
        using var scope = NewDisposeScope();
        var whose = Path.GetFileName(path);
        using var file = SourceFile.Open(whose, path);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var entry = Entry(whose, archive, key);
            var name = $"{whose}#{Key(entry)}";
            var most = PackedFile.MostUnpacked(file.Length);
            var given = context is null
                ? null : Read($"{whose}#{context}", Entry(whose, archive, context), most).to(ScalarType.Float32);
            return Deal(name, Read(name, entry, most), split, seed, given);
        }
        catch (InvalidDataException exception)
        {
            throw new DataException(
                whose,
                "a NumPy .npz archive (a zip file)",
                "one that is damaged or another kind of file",
                inner: exception);
        }
    }

    private static Tensor Read(string name, ZipArchiveEntry entry, long most)
    {
        if (entry.Length > most)
        {
            throw PackedFile.TooLarge(name, most);
        }

        using var packed = entry.Open();
        using var stream = new ChecksumStream(packed);
        var array = Npy.Read(name, stream, entry.Length);
        return stream.ReadByte() < 0 && stream.Checksum.Value == entry.Crc32
            ? array
            : throw new DataException(
                name, $"content with the checksum {entry.Crc32:X8}", $"{stream.Checksum.Value:X8}",
                "the file is damaged, write it again");
    }

    private static ZipArchiveEntry Entry(string whose, ZipArchive archive, string? key)
    {
        var arrays = archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)).ToList();
        var names = arrays.Count > 0 ? string.Join(", ", arrays.Select(Key)) : "no arrays";
        if (arrays.DistinctBy(entry => entry.FullName).Count() < arrays.Count)
        {
            throw new DataException(whose, "each array once", names, "write the archive again");
        }

        return key is null
            ? arrays.Count == 1 ? arrays[0] : throw new DataException(
                whose,
                "one array, or a key to choose by",
                names)
            : arrays.FirstOrDefault(entry => Key(entry) == key)
                ?? throw new DataException(whose, $"an array '{key}'", names);
    }

    private static string Key(ZipArchiveEntry entry) => entry.FullName[..^".npy".Length];

    private static Dataset Deal(string name, Tensor array, Split split, int seed, Tensor? context)
    {
        (Tensor, IReadOnlyList<string>?)? given =
            context is null ? null : (context.dim() == 1 ? context.unsqueeze(1) : context, null);
        return array.dim() switch
        {
            1 => SplitItems.Deal(name, array.unsqueeze(1), split, seed, null, null, given),
            2 => SplitItems.Deal(name, array, split, seed, null, null, given),
            4 => SplitItems.Deal(name, array, split, seed, array.dtype == ScalarType.Byte ? 256 : null, null, given),
            _ => throw new DataException(
                name,
                "vectors (N, d) or images (N, channels, height, width)",
                ShapeText.Of(array),
                "reshape the array"),
        };
    }
}
