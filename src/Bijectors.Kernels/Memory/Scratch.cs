using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bijectors.Kernels;

/// <summary>Memory for one call, borrowed from the pool of the process; it holds whatever was there.</summary>
internal sealed unsafe class Scratch<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;

    private readonly T[] _array;
    private readonly GCHandle _pinned;

    /// <param name="count">How many numbers.</param>
    public Scratch(long count)
    {
        _array = ArrayPool<T>.Shared.Rent(checked((int)count + (CacheLine / sizeof(T))));
        _pinned = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Start = (T*)((_pinned.AddrOfPinnedObject() + CacheLine - 1) & ~(nint)(CacheLine - 1));
    }

    /// <summary>The first number, at the beginning of a cache line.</summary>
    public T* Start { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pinned.Free();
        ArrayPool<T>.Shared.Return(_array);
    }
}
