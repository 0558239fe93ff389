using System.Buffers;
using Apache.Arrow.Memory;

namespace Bijectors.Data;

/// <summary>Memory for what an Arrow file unpacks to, up to a limit.</summary>
/// <param name="whose">The file, for messages.</param>
/// <param name="most">How many bytes in all.</param>
internal sealed class LimitedAllocator(string whose, long most) : MemoryAllocator
{
    private long _used;

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        if (length < 0 || (_used += length) > most)
        {
            throw PackedFile.TooLarge(whose, most);
        }

        bytesAllocated = length;
        return new Owned(length);
    }

    private sealed class Owned(int length) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; private set; } = new byte[length];

        public void Dispose() => Memory = default;
    }
}
