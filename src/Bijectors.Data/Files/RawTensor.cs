using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Little-endian numbers of a stream into a tensor's memory and back, in slices, so that a tensor may exceed 2 GiB.
/// </summary>
internal static class RawTensor
{
    private const long SliceBytes = 1 << 26;

    public static Tensor Read(string whose, Stream stream, ScalarType dtype, params long[] shape)
    {
        var tensor = empty(shape, dtype: dtype);
        foreach (var slice in Slices(tensor))
        {
            var bytes = slice.bytes;
            var got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (got < bytes.Length)
            {
                tensor.Dispose();
                throw new DataException(whose, $"another {bytes.Length} bytes", $"{got}", "the file is cut short");
            }
        }

        return tensor;
    }

    public static void Write(Stream stream, Tensor tensor)
    {
        foreach (var slice in Slices(tensor))
        {
            stream.Write(slice.bytes);
        }
    }

    /// <summary>
    /// The size of a tensor in bytes; saturates where a damaged header asks for more than fits a long.
    /// </summary>
    public static long Bytes(long elementSize, params ReadOnlySpan<long> shape)
    {
        var bytes = (Int128)elementSize;
        foreach (var size in shape)
        {
            bytes = size == 0 ? 0 : Int128.Min(bytes * size, long.MaxValue);
        }

        return (long)bytes;
    }

    private static IEnumerable<Tensor> Slices(Tensor tensor)
    {
        using var flat = tensor.view(-1).DetachFromDisposeScope();
        var step = SliceBytes / tensor.element_size();
        for (long start = 0; start < flat.numel(); start += step)
        {
            using var slice = flat.narrow(0, start, Math.Min(step, flat.numel() - start)).DetachFromDisposeScope();
            yield return slice;
        }
    }
}
