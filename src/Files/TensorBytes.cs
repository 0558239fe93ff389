using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Files;

/// <summary>
/// Little-endian numbers of a file in a tensor's memory, in slices, so that a tensor may exceed 2 GiB.
/// </summary>
internal static class TensorBytes
{
    /// <summary>The most dimensions that an array of a file may have.</summary>
    public const int MostDimensions = 32;

    private const long SliceBytes = 1 << 26;

    // More numbers than any file holds, and few enough that no product of sizes and bytes overflows.
    private const long MostElements = 1L << 48;

    /// <summary>
    /// The bytes that this process may use: the machine's memory, or what its container leaves of it.
    /// </summary>
    public static long Memory =>
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var bytes ? bytes : long.MaxValue;

    /// <summary>
    /// The size of an array in bytes; null where its sizes are none: negative, of too many dimensions, or with a
    /// product that overflows, zeros aside.
    /// </summary>
    public static long? Count(int elementSize, params ReadOnlySpan<long> shape)
    {
        var (bytes, nonZero) = ((long)elementSize, 1L);
        foreach (var size in shape)
        {
            if (size < 0 || size > MostElements / nonZero || shape.Length > MostDimensions)
            {
                return null;
            }

            bytes *= size;
            nonZero *= Math.Max(1, size);
        }

        return bytes;
    }

    /// <summary>Fills a tensor from a stream.</summary>
    /// <param name="tensor">A contiguous tensor.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="sliceBytes">How much is read at a time.</param>
    /// <returns>False where the stream ends before.</returns>
    public static bool TryFill(Tensor tensor, Stream stream, long sliceBytes = SliceBytes)
    {
        foreach (var slice in Slices(tensor, sliceBytes))
        {
            var bytes = slice.bytes;
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a contiguous tensor.</summary>
    public static void Write(Stream stream, Tensor tensor, long sliceBytes = SliceBytes) =>
        Visit(tensor, bytes => stream.Write(bytes), sliceBytes);

    /// <summary>What is done with a slice. (<see cref="Action{T}"/> takes no spans before .NET 9.)</summary>
    public delegate void BytesAction(ReadOnlySpan<byte> bytes);

    /// <summary>Shows the bytes of a contiguous tensor, slice by slice.</summary>
    public static void Visit(Tensor tensor, BytesAction look, long sliceBytes = SliceBytes)
    {
        foreach (var slice in Slices(tensor, sliceBytes))
        {
            look(slice.bytes);
        }
    }

    private static IEnumerable<Tensor> Slices(Tensor tensor, long sliceBytes)
    {
        // Torch may keep the signs of numbers beside them.
        using var plain = tensor.resolve_neg().DetachFromDisposeScope();
        using var flat = plain.view(-1).DetachFromDisposeScope();
        var step = Math.Max(1, sliceBytes / tensor.element_size());
        for (long start = 0; start < flat.numel(); start += step)
        {
            using var slice = flat.narrow(0, start, Math.Min(step, flat.numel() - start)).DetachFromDisposeScope();
            yield return slice;
        }
    }
}
