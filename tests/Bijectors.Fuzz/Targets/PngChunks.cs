using System.Buffers.Binary;
using Bijectors.Data;

namespace Bijectors.Fuzz;

/// <summary>The chunks of a PNG file: length, type, content, checksum of type and content.</summary>
internal static class PngChunks
{
    private const int Signature = 8;
    private const int Around = 12;

    /// <summary>The same with checksums that are right, as far as its lengths lead.</summary>
    public static byte[] WithChecksums(byte[] png)
    {
        var bytes = png.ToArray();
        var at = Signature;
        while (at + Around <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - Around)
            {
                break;
            }

            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(end), Checksum.Of(bytes.AsSpan((at + 4)..end)));
            at = end + 4;
        }

        return bytes;
    }
}
