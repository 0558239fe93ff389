using Bijectors.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Arrays of a file as tensors, whose size is checked before memory is asked for.</summary>
internal static class RawTensor
{
    /// <summary>Reads an array that must be all that is left of a file.</summary>
    /// <param name="whose">The file, for messages.</param>
    /// <param name="stream">The file, after its header.</param>
    /// <param name="rest">How many bytes are left, or claim to be.</param>
    /// <param name="dtype">What the numbers are.</param>
    /// <param name="shape">The sizes that the header gives.</param>
    /// <exception cref="DataException">The sizes are none, too large for the memory, or not those of the
    /// file.</exception>
    public static Tensor Read(string whose, Stream stream, long rest, ScalarType dtype, params long[] shape)
    {
        if (TensorBytes.Count((int)dtype.ElementSize(), shape) is not { } bytes)
        {
            throw new DataException(
                whose,
                $"sizes of at most {TensorBytes.MostDimensions} dimensions whose product fits a file",
                ShapeText.Of(shape),
                "the header is damaged");
        }

        if (rest != bytes)
        {
            throw new DataException(
                whose, $"{bytes} bytes after the header for {dtype} {ShapeText.Of(shape)}", $"{rest}",
                "the file is damaged");
        }

        CheckRoom(whose, bytes);
        var tensor = empty(shape, dtype: dtype);
        if (TensorBytes.TryFill(tensor, stream))
        {
            return tensor;
        }

        tensor.Dispose();
        throw new DataException(whose, $"{bytes} bytes of numbers", "fewer", "the file is cut short");
    }

    /// <summary>Stops where numbers do not fit into the memory of the machine.</summary>
    /// <exception cref="DataException">They do not.</exception>
    public static void CheckRoom(string whose, long bytes)
    {
        if (bytes > TensorBytes.Memory)
        {
            throw new DataException(
                whose, $"at most {TensorBytes.Memory} bytes, the memory there is", $"{bytes} bytes",
                "use a part of the items");
        }
    }
}
