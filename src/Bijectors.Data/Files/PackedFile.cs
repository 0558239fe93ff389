using System.Buffers.Binary;

namespace Bijectors.Data;

/// <summary>
/// What holds of all packed files. Packed zeros take a thousandth of their size, so a small file may claim to be any
/// number of gigabytes.
/// </summary>
internal static class PackedFile
{
    private const long AlwaysUnpacked = 256L << 20;
    private const long MostRatio = 32;
    private const int TrailerBytes = 8;

    // The end of a gzip member without content: an empty block, a checksum of 0, a length of 0.
    private static ReadOnlySpan<byte> EmptyEnd => [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>
    /// How many bytes a file of a size may unpack to: 256 MiB, or 32 times its size where that is more.
    /// </summary>
    public static long MostUnpacked(long packed) =>
        Math.Max(AlwaysUnpacked, Math.Min(packed, long.MaxValue / MostRatio) * MostRatio);

    public static DataException TooLarge(string whose, long most) => new(
        whose, $"at most {most} bytes of unpacked content", "more", "unpack the file yourself, if you trust it");

    /// <summary>
    /// True where a gzip file ends in checksum and length of its content, or, where it has several members, of the
    /// end of it.
    /// </summary>
    public static bool EndsInTrailerOf(Stream packed, ReadOnlySpan<byte> content)
    {
        if (packed.Length < TrailerBytes + EmptyEnd.Length)
        {
            return false;
        }

        Span<byte> end = stackalloc byte[EmptyEnd.Length];
        packed.Position = packed.Length - end.Length;
        packed.ReadExactly(end);
        var trailer = end[^TrailerBytes..];
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        return length == 0
            ? end.SequenceEqual(EmptyEnd)
            : length <= content.Length && Checksum.Of(content[^(int)length..]) == checksum;
    }
}
