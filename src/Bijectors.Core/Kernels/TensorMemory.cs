using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The memory of tensors on the CPU. What had to be copied to lie as a kernel needs it lives as long as this object; the tensors themselves must outlive it.</summary>
internal sealed unsafe class TensorMemory : IDisposable
{
    private readonly List<Tensor> _copies = [];

    /// <summary>The first number of a tensor; 0 for none.</summary>
    public static nint Of(Tensor? tensor) => tensor is null ? 0 : (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The numbers one after another; 0 for no tensor.</summary>
    public nint OfContiguous(Tensor? tensor) => tensor is null || tensor.is_contiguous() ? Of(tensor) : Of(Copy(tensor));

    /// <summary>The last dimension as rows; rows that lie at equal distances, as in a view of a part of each row, are not copied.</summary>
    public Rows<T> Rows<T>(Tensor? tensor)
        where T : unmanaged
    {
        if (tensor is null)
        {
            return default;
        }

        var (shape, strides) = (tensor.shape, tensor.stride());
        var (stride, size) = (0L, 1L);
        var even = strides[^1] == 1 || shape[^1] <= 1;
        for (var i = shape.Length - 2; i >= 0; i--)
        {
            if (shape[i] == 1)
            {
                continue;
            }

            stride = stride == 0 ? strides[i] : stride;
            even &= strides[i] == stride * size && stride > 0;
            size *= shape[i];
        }

        return even ? new(First(tensor), stride, (int)shape[^1]) : new(Of(Copy(tensor)), shape[^1], (int)shape[^1]);
    }

    /// <summary>Images <c>(N, channels, height, width)</c>, as they lie; nowhere for no tensor.</summary>
    public ImageView<T> Images<T>(Tensor? tensor)
        where T : unmanaged
    {
        if (tensor is null)
        {
            return default;
        }

        var strides = tensor.stride();
        return new(First(tensor), strides[0], strides[1], strides[2], strides[3]);
    }

    /// <summary>Disposes the copies.</summary>
    public void Dispose() => _copies.ForEach(c => c.Dispose());

    // The bytes of a view with gaps are refused, those of its first number are not.
    private static nint First(Tensor tensor)
    {
        if (tensor.is_contiguous())
        {
            return Of(tensor);
        }

        using var first = tensor.as_strided([Math.Min(1, tensor.numel())], [1], tensor.storage_offset());
        return Of(first);
    }

    private Tensor Copy(Tensor tensor)
    {
        var copy = tensor.contiguous();
        _copies.Add(copy);
        return copy;
    }
}
