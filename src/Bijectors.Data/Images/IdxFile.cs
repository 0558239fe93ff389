using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// One IDX file of unsigned bytes: the magic number <c>0x000008RR</c> with RR the rank, the sizes as big-endian 32-bit
/// integers, then the bytes with the last dimension fastest.
/// </summary>
internal static class IdxFile
{
    public static Tensor Read(string path, int rank)
    {
        var whose = Path.GetFileName(path);
        using var file = SourceFile.Open(whose, path);
        var header = new byte[4 + (4 * rank)];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw new DataException(
                whose,
                $"a header of {header.Length} bytes",
                $"{file.Length}",
                "the file is cut short, fetch it again");
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != 0x800u + rank)
        {
            throw new DataException(
                whose,
                $"the magic number 0x{0x800 + rank:X8} (IDX, unsigned bytes, {rank} dimensions)",
                $"0x{magic:X8}",
                "the file is of another kind");
        }

        var shape = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            shape[i] = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + (4 * i)));
        }

        return RawTensor.Read(whose, file, file.Length - header.Length, ScalarType.Byte, shape);
    }
}
