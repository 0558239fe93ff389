using System.IO.Compression;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>NumPy's <c>.npz</c> format: a zip file of <c>.npy</c> arrays, each under a name.</summary>
internal sealed class NpzArchive : IDisposable
{
    private const string Extension = ".npy";

    private readonly string _whose;
    private readonly Stream _file;
    private readonly ZipArchive _archive;

    private NpzArchive(string whose, Stream file, ZipArchive archive) =>
        (_whose, _file, _archive) = (whose, file, archive);

    /// <summary>Opens an archive.</summary>
    /// <exception cref="DataException">The file is missing, damaged or of another kind.</exception>
    public static NpzArchive Open(string path)
    {
        var whose = Path.GetFileName(path);
        var file = SourceFile.Open(whose, path);
        try
        {
            return new(whose, file, new ZipArchive(file, ZipArchiveMode.Read));
        }
        catch (InvalidDataException exception)
        {
            file.Dispose();
            throw Damaged(whose, exception);
        }
    }

    /// <summary>An array, owned by the caller.</summary>
    /// <param name="key">Its name; null for the only one there is.</param>
    /// <exception cref="DataException">There is none of that name, or it is damaged.</exception>
    public (string Key, Tensor Array) Read(string? key)
    {
        try
        {
            var entry = Entry(key);
            return (Key(entry), Read($"{_whose}#{Key(entry)}", entry, PackedFile.MostUnpacked(_file.Length)));
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(_whose, exception);
        }
    }

    public void Dispose()
    {
        _archive.Dispose();
        _file.Dispose();
    }

    private static DataException Damaged(string whose, InvalidDataException exception) => new(
        whose,
        "a NumPy .npz archive (a zip file)",
        "one that is damaged or another kind of file",
        inner: exception);

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

    private ZipArchiveEntry Entry(string? key)
    {
        var arrays = _archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
            .ToList();
        var names = arrays.Count > 0 ? string.Join(", ", arrays.Select(Key)) : "no arrays";
        if (arrays.DistinctBy(entry => entry.FullName).Count() < arrays.Count)
        {
            throw new DataException(_whose, "each array once", names, "write the archive again");
        }

        return key is null
            ? arrays.Count == 1 ? arrays[0] : throw new DataException(
                _whose,
                "one array, or a key to choose by",
                names)
            : arrays.FirstOrDefault(entry => Key(entry) == key)
                ?? throw new DataException(_whose, $"an array '{key}'", names);
    }

    private static string Key(ZipArchiveEntry entry) => entry.FullName[..^Extension.Length];
}
