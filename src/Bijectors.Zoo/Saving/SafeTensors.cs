using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Zoo;

/// <summary>
/// Reads and writes <c>.safetensors</c> files: eight bytes with the length of a JSON header, the header (dtype, shape
/// and offsets of each tensor, a table of texts), then the tensors' bytes, little-endian and row-major. Python reads
/// and writes the same.
/// </summary>
/// <remarks>Source: https://huggingface.co/docs/safetensors, "Format".</remarks>
public static class SafeTensors
{
    // In bytes; a tensor may be larger.
    private const long PieceSize = 1 << 30;

    /// <summary>Writes a file aside and renames it when it is whole, so that nobody ever sees half of one.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">The tensors by name, of any device and layout.</param>
    /// <param name="metadata">Texts by name, for the reader.</param>
    /// <exception cref="SavedModelException">The file cannot be written, or a dtype has no name in the
    /// format.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, tensors, metadata, PieceSize);

    internal static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata, long pieceSize)
    {
        var aside = $"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                Write(stream, path, tensors, metadata ?? new Dictionary<string, string>(), pieceSize);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SavedModelException($"{path}: expected a file that can be written, got: {exception.Message}", exception);
        }
        finally
        {
            if (File.Exists(aside))
            {
                File.Delete(aside);
            }
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, on the CPU and owned by the caller, and the texts by name.</returns>
    /// <exception cref="SavedModelException">The file is missing, cut short, damaged, or holds a dtype that torch
    /// does not know.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path) =>
        Read(path, PieceSize);

    internal static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path, long pieceSize)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var header = SafeTensorsHeader.Read(path, stream);
            return (header.Entries.ToDictionary(entry => entry.Name, entry => Read(stream, header.Start, entry, pieceSize)), header.Metadata);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SavedModelException($"{path}: expected a file that can be read, got: {exception.Message}", exception);
        }
    }

    /// <summary>Views of a contiguous tensor, one after another, of at most so many bytes each: a span holds less than 2 GiB.</summary>
    internal static IEnumerable<Tensor> Pieces(Tensor tensor, long bytes)
    {
        using var flat = tensor.view(-1);
        var most = Math.Max(1, bytes / tensor.element_size());
        for (long begin = 0; begin < flat.numel(); begin += most)
        {
            yield return flat.narrow(0, begin, Math.Min(most, flat.numel() - begin));
        }
    }

    private static Tensor Read(Stream stream, long start, SafeTensorsEntry entry, long pieceSize)
    {
        var tensor = empty(entry.Shape, dtype: entry.Dtype);
        if (tensor.numel() > 0)
        {
            stream.Position = start + entry.Begin;
            foreach (var piece in Pieces(tensor, pieceSize))
            {
                using (piece)
                {
                    stream.ReadExactly(piece.bytes);
                }
            }
        }

        return tensor;
    }

    private static void Write(
        Stream stream, string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata, long pieceSize)
    {
        var json = Header(path, tensors, metadata);
        // The format wants the tensors to begin at a multiple of eight; spaces fill up.
        var padding = (8 - json.Length % 8) % 8;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        stream.Write("        "u8[..padding]);
        foreach (var tensor in tensors.Values)
        {
            using var ungraded = no_grad();
            using var here = tensor.cpu();
            using var rows = here.contiguous();
            if (rows.numel() > 0)
            {
                foreach (var piece in Pieces(rows, pieceSize))
                {
                    using (piece)
                    {
                        stream.Write(piece.bytes);
                    }
                }
            }
        }
    }

    private static byte[] Header(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, text) in metadata)
            {
                json.WriteString(key, text);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                var end = offset + tensor.numel() * tensor.element_size();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafeTensorsDtypes.Name(path, tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", offset, end);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
