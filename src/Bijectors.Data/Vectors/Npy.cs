using Bijectors.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// NumPy's <c>.npy</c> format, versions 1 to 3, for the dtypes <c>&lt;f4</c>, <c>&lt;f8</c>, <c>|u1</c>, <c>&lt;i4</c>
/// and <c>&lt;i8</c>, in C and Fortran order. Source: NumPy Enhancement Proposal 1.
/// </summary>
public static class Npy
{
    /// <summary>
    /// The array of a file, in its own dtype and shape, owned by the caller. A name ending in <c>.gz</c> is unpacked.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file is missing, cut short, of another kind or of another dtype.</exception>
    public static Tensor Read(string path)
    {
        var whose = Path.GetFileName(path);
        using var file = SourceFile.Open(whose, path);
        return Read(whose, file, file.Length);
    }

    /// <summary>
    /// Writes a tensor in C order: aside first, then renamed, so that no half-written file is ever seen.
    /// </summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <param name="tensor">A tensor of Float32, Float64, Byte, Int32 or Int64, on any device.</param>
    /// <exception cref="DataException">The tensor has another dtype, or the file cannot be written.</exception>
    public static void Write(string path, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var header = NpyHeader.Write("Npy", tensor);
        var rows = tensor.detach().cpu().contiguous();
        TargetFile.Write("Npy", path, stream =>
        {
            stream.Write(header);
            TensorBytes.Write(stream, rows);
        });
    }

    internal static Tensor Read(string whose, Stream stream, long length)
    {
        var header = NpyHeader.Read(whose, stream);
        var rest = length - header.Length;
        using var scope = NewDisposeScope();
        if (!header.IsFortran)
        {
            return scope.MoveToOuter(RawTensor.Read(whose, stream, rest, header.Type, header.Shape));
        }

        // The first dimension runs fastest: the bytes are those of the transpose in C order.
        var transposed = RawTensor.Read(whose, stream, rest, header.Type, [.. Enumerable.Reverse(header.Shape)]);
        long[] reversed = [.. Enumerable.Range(0, header.Shape.Length).Reverse()];
        return scope.MoveToOuter(transposed.permute(reversed).contiguous());
    }
}
