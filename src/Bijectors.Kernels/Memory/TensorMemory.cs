using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// The memory of tensors on the CPU. It holds the tensors that it was asked for, so that the collector frees none of
/// them under a kernel, and what had to be copied to lie as a kernel needs it.
/// </summary>
internal sealed unsafe class TensorMemory : IDisposable
{
    private readonly List<Tensor> _held = [];
    private readonly List<Tensor> _copies = [];

    /// <summary>The first number of a tensor that the caller keeps; 0 for none.</summary>
    public static nint Address(Tensor? tensor) =>
        tensor is null ? 0 : (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The first number of a contiguous tensor; 0 for none.</summary>
    public nint Of(Tensor? tensor) => Address(Held(tensor));

    /// <summary>
    /// Whether the numbers of a tensor are in memory that this processor reads, in the given dtype; a
    /// kernel takes no other.
    /// </summary>
    public static bool Has(Tensor tensor, ScalarType dtype) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == dtype
        && dtype is ScalarType.Float32 or ScalarType.Float64 && !tensor.is_sparse;

    /// <summary>
    /// The same numbers one after another, as they are: torch may keep their sign beside them, as in the imaginary
    /// part of a conjugate.
    /// </summary>
    /// <returns>A tensor to dispose, which may share the memory.</returns>
    public static Tensor Plain(Tensor tensor)
    {
        using var signed = tensor.resolve_neg();
        return signed.contiguous();
    }

    /// <summary>The numbers one after another; 0 for no tensor.</summary>
    public nint OfContiguous(Tensor? tensor) =>
        tensor is null || (tensor.is_contiguous() && !tensor.is_neg()) ? Of(tensor) : Address(Copy(tensor));

    /// <summary>
    /// The last dimension as rows; rows that lie at equal distances, as in a view of a part of each
    /// row, are not copied.
    /// </summary>
    public Rows<T> Rows<T>(Tensor? tensor)
        where T : unmanaged
    {
        if (tensor is null)
        {
            return default;
        }

        var (shape, strides) = (tensor.shape, tensor.stride());
        var (stride, size) = (0L, 1L);
        var even = (strides[^1] == 1 || shape[^1] <= 1) && !tensor.is_neg();
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

        return even
            ? new(First(tensor), stride, (int)shape[^1])
            : new(Address(Copy(tensor)), shape[^1], (int)shape[^1]);
    }

    /// <summary>Images <c>(N, channels, height, width)</c>, as they lie; nowhere for no tensor.</summary>
    public ImageView<T> Images<T>(Tensor? tensor)
        where T : unmanaged
    {
        if (tensor is null)
        {
            return default;
        }

        tensor = tensor.is_neg() ? Copy(tensor) : tensor;
        var strides = tensor.stride();
        return new(First(tensor), strides[0], strides[1], strides[2], strides[3]);
    }

    /// <summary>Disposes the copies, and lets go of the tensors.</summary>
    public void Dispose()
    {
        _copies.ForEach(c => c.Dispose());
        GC.KeepAlive(_held);
    }

    // The bytes of a view with gaps are refused, those of its first number are not.
    private nint First(Tensor tensor)
    {
        if (tensor.is_contiguous())
        {
            return Of(tensor);
        }

        using var first = Held(tensor)!.as_strided([Math.Min(1, tensor.numel())], [1], tensor.storage_offset());
        return Address(first);
    }

    private Tensor? Held(Tensor? tensor)
    {
        if (tensor is not null)
        {
            _held.Add(tensor);
        }

        return tensor;
    }

    private Tensor Copy(Tensor tensor)
    {
        var copy = Plain(tensor);
        _copies.Add(copy);
        return copy;
    }
}
