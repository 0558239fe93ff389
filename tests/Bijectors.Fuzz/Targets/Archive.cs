using System.IO.Compression;

namespace Bijectors.Fuzz;

/// <summary>Archives of one array.</summary>
internal static class Archive
{
    public static byte[] Pack(byte[] array, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("x.npy", level).Open();
            entry.Write(array);
        }

        return packed.ToArray();
    }

    public static byte[] Unpack(byte[] packed)
    {
        using var archive = new ZipArchive(new MemoryStream(packed), ZipArchiveMode.Read);
        using var entry = archive.Entries[0].Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }
}
