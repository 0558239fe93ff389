using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bijectors.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Reads and writes <c>.safetensors</c> files: eight bytes with the length of a JSON header, the header (dtype, shape
/// and offsets of each tensor, a table of texts), then the tensors' bytes, little-endian and row-major. Python reads
/// and writes the same.
/// </summary>
/// <remarks>Source: https://huggingface.co/docs/safetensors, "Format".</remarks>
public static class SafeTensors
{
    // The file is read by programs, never put into a page.
    private static readonly JsonWriterOptions s_readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file aside and renames it when it is whole, so that nobody ever sees half of one.</summary>
    /// <param name="path">The file; one that exists is replaced, where the path is a link, what it leads to.</param>
    /// <param name="tensors">The tensors by name, of any device and layout.</param>
    /// <param name="metadata">Texts by name, for the reader.</param>
    /// <exception cref="SavedModelException">The file cannot be written, or a dtype has no name in the
    /// format.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        try
        {
            WholeFile.Write(path, stream => Write(stream, path, tensors, metadata ?? new Dictionary<string, string>()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SavedModelException(
                $"{path}: expected a file that can be written, got: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, on the CPU and owned by the caller, and the texts by name.</returns>
    /// <exception cref="SavedModelException">The file is missing, cut short, damaged, no plain file, too large for the
    /// memory, or holds a dtype that torch does not know; tensors overlap or leave bytes over.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(
        string path)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var stream = PlainFile.OpenRead(path);
            var header = SafeTensorsHeader.Read(path, stream);
            var tensors =
                header.Entries.ToDictionary(entry => entry.Name, entry => Read(path, stream, header.Start, entry));
            foreach (var tensor in tensors.Values)
            {
                scope.MoveToOuter(tensor);
            }

            return (tensors, header.Metadata);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SavedModelException(
                $"{path}: expected a file that can be read, got: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>Disposes what was read.</summary>
    internal static void Dispose(IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private static Tensor Read(string path, Stream stream, long start, SafeTensorsEntry entry)
    {
        var tensor = empty(entry.Shape, dtype: entry.Dtype);
        stream.Position = start + entry.Begin;
        return TensorBytes.TryFill(tensor, stream)
            ? tensor
            : throw new SavedModelException(
                $"{path}: expected {entry.Name} whole, got the end of the file; it was cut meanwhile.");
    }

    private static void Write(
        Stream stream, string path, IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string> metadata)
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
            TensorBytes.Write(stream, rows);
        }
    }

    private static byte[] Header(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_readable))
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
