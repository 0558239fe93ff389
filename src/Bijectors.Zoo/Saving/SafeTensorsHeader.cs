using System.Buffers.Binary;
using System.Text.Json;

namespace Bijectors.Zoo;

/// <summary>
/// The header of a <c>.safetensors</c> file, checked against the file's length before anything is allocated.
/// </summary>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long Start)
{
    // What the format's reference implementation accepts.
    private const long LongestHeader = 100_000_000;

    public static SafeTensorsHeader Read(string path, Stream stream)
    {
        Span<byte> length = stackalloc byte[8];
        if (stream.ReadAtLeast(length, 8, throwOnEndOfStream: false) < 8)
        {
            throw Short(path, "eight bytes of header length", $"{stream.Length} bytes in all");
        }

        var size = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (size is < 2 or > LongestHeader)
        {
            throw new SavedModelException(
                $"{path}: expected a safetensors file, got a header of {size} bytes; it is another kind of file.");
        }

        if (size > stream.Length - 8)
        {
            throw Short(path, $"a header of {size} bytes", $"{stream.Length - 8}");
        }

        var json = new byte[size];
        stream.ReadExactly(json);
        return Parse(path, json, stream.Length - 8 - size);
    }

    private static SafeTensorsHeader Parse(string path, byte[] json, long available)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var entries = new List<SafeTensorsEntry>();
            var metadata = new Dictionary<string, string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    metadata = property.Value.EnumerateObject().ToDictionary(row => row.Name, row => row.Value.GetString() ?? "");
                }
                else
                {
                    entries.Add(Entry(path, property.Name, property.Value, available));
                }
            }

            return entries.DistinctBy(entry => entry.Name).Count() == entries.Count
                ? new SafeTensorsHeader(entries, metadata, 8 + json.Length)
                : throw new SavedModelException($"{path}: expected each tensor once, got a name twice; the header is damaged.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new SavedModelException($"{path}: expected a safetensors header, got text that is none; the file is damaged.", exception);
        }
    }

    private static SafeTensorsEntry Entry(string path, string name, JsonElement json, long available)
    {
        var (dtype, bytes) = SafeTensorsDtypes.Find(path, name, json.GetProperty("dtype").GetString());
        var shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = json.GetProperty("data_offsets");
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());

        // Saturates where a damaged header asks for more than fits a long.
        var wanted = shape.Aggregate((Int128)bytes, (product, size) => Int128.Min(product * size, long.MaxValue));
        if (shape.Any(size => size < 0) || begin < 0 || end - begin != wanted)
        {
            throw new SavedModelException(
                $"{path}: expected {name} of shape ({string.Join(", ", shape)}) to fill its bytes, "
                + $"got {begin} to {end}; the header is damaged.");
        }

        return end <= available
            ? new SafeTensorsEntry(name, dtype, shape, begin)
            : throw Short(path, $"{end} bytes of tensors", $"{available}");
    }

    private static SavedModelException Short(string path, string expected, string got) =>
        new($"{path}: expected {expected}, got {got}; the file is cut short.");
}
