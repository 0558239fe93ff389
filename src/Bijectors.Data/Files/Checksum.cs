using ICSharpCode.SharpZipLib.Checksum;

namespace Bijectors.Data;

/// <summary>The CRC-32 of gzip, zip and PNG, of bytes as they are read.</summary>
internal sealed class Checksum
{
    private readonly Crc32 _crc = new();
    private byte[] _block = [];

    public uint Value => (uint)_crc.Value;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var checksum = new Checksum();
        checksum.Add(bytes);
        return checksum.Value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        const int BlockBytes = 1 << 16;
        _block = _block.Length == 0 ? new byte[BlockBytes] : _block;
        while (bytes.Length > 0)
        {
            var count = Math.Min(bytes.Length, BlockBytes);
            bytes[..count].CopyTo(_block);
            _crc.Update(new ArraySegment<byte>(_block, 0, count));
            bytes = bytes[count..];
        }
    }
}
