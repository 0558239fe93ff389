using System.Numerics;
using System.Runtime.InteropServices;

namespace Bijectors.Testing.Doctor;

/// <summary>How the numbers of a tensor lie in memory.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Strides">The distances of neighbours in each dimension, from a shape.</param>
/// <param name="Offset">How many numbers lie before the first.</param>
internal sealed record Layout(string Name, Func<int[], long[]> Strides, int Offset = 0)
{
    /// <summary>One row after another.</summary>
    public static Layout Contiguous { get; } =
        new("contiguous", shape => Packed(shape, Enumerable.Range(0, shape.Length)));

    /// <summary>Columns one after another; of images, the channels of a pixel.</summary>
    public static Layout Permuted { get; } = new(
        "permuted",
        shape => Packed(shape, shape.Length == 4 ? [0, 2, 3, 1] : Enumerable.Range(0, shape.Length).Reverse()));

    /// <summary>A number that is none of the tensor's, NaN, beside each.</summary>
    public static Layout Spaced { get; } =
        new("spaced", shape => [.. Contiguous.Strides(shape).Select(stride => 2 * stride)], Offset: 1);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Layout> All { get; } = [Contiguous, Permuted, Spaced];

    /// <summary>A tensor that lies like this.</summary>
    public Tensor Place(double[] numbers, int[] shape, ScalarType dtype)
    {
        var strides = Strides(shape);
        using var memory = empty([Offset + Reach(shape, strides) + Offset], dtype);
        var bytes = memory.bytes;
        bytes.Fill(Poison.Byte);
        Write(bytes[(Offset * dtype.ElementSize())..], Places(shape, strides), numbers, dtype);
        return memory.as_strided([.. shape.Select(size => (long)size)], strides, Offset);
    }

    /// <summary>
    /// The numbers of a tensor, however it lies; read here, so that no operation of torch is trusted with it.
    /// </summary>
    public static double[] Read(Tensor tensor)
    {
        using var grad = no_grad();
        var (shape, strides) = (tensor.shape.Select(size => (int)size).ToArray(), tensor.stride());
        using var memory = tensor.as_strided([Reach(shape, strides)], [1], tensor.storage_offset());
        var places = Places(shape, strides);
        return tensor.dtype switch
        {
            ScalarType.Float32 => Numbers<float>(memory.bytes, places),
            ScalarType.Float64 => Numbers<double>(memory.bytes, places),
            ScalarType.Int64 => Numbers<long>(memory.bytes, places),
            ScalarType.Int32 => Numbers<int>(memory.bytes, places),
            ScalarType.Byte or ScalarType.Bool => Numbers<byte>(memory.bytes, places),
            _ => throw new NotSupportedException($"Doctor: results of dtype {tensor.dtype} are not read."),
        };
    }

    private static long[] Packed(int[] shape, IEnumerable<int> order)
    {
        var (strides, next) = (new long[shape.Length], 1L);
        foreach (var d in order.Reverse())
        {
            (strides[d], next) = (next, next * shape[d]);
        }

        return strides;
    }

    private static long Reach(int[] shape, long[] strides) =>
        shape.Contains(0) ? 0 : 1 + shape.Zip(strides).Sum(dimension => (dimension.First - 1) * dimension.Second);

    /// <summary>Where each number lies, one row after another.</summary>
    private static int[] Places(int[] shape, long[] strides)
    {
        int[] places = [0];
        for (var d = 0; d < shape.Length; d++)
        {
            var finer = new int[places.Length * shape[d]];
            for (var i = 0; i < finer.Length; i++)
            {
                finer[i] = places[i / shape[d]] + (i % shape[d] * (int)strides[d]);
            }

            places = finer;
        }

        return places;
    }

    private static void Write(Span<byte> bytes, int[] places, double[] numbers, ScalarType dtype)
    {
        switch (dtype)
        {
            case ScalarType.Float32:
                Write<float>(bytes, places, numbers);
                break;
            case ScalarType.Float64:
                Write<double>(bytes, places, numbers);
                break;
            case ScalarType.Int64:
                Write<long>(bytes, places, numbers);
                break;
            case ScalarType.Bool:
                Write<byte>(bytes, places, numbers);
                break;
            default:
                throw new NotSupportedException($"Doctor: arguments of dtype {dtype} are not drawn.");
        }
    }

    private static void Write<T>(Span<byte> bytes, int[] places, double[] numbers)
        where T : unmanaged, INumber<T>
    {
        var written = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < places.Length; i++)
        {
            written[places[i]] = T.CreateTruncating(numbers[i]);
        }
    }

    private static double[] Numbers<T>(Span<byte> bytes, int[] places)
        where T : unmanaged, INumber<T>
    {
        var read = MemoryMarshal.Cast<byte, T>(bytes);
        var numbers = new double[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            numbers[i] = double.CreateTruncating(read[places[i]]);
        }

        return numbers;
    }
}
