using System.Buffers.Binary;
using System.Text.Json;
using Bijectors.Files;

namespace Bijectors;

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

        if (stream.Length > TensorBytes.Memory)
        {
            throw new SavedModelException(
                $"{path}: expected at most {TensorBytes.Memory} bytes, the memory there is, "
                + $"got {stream.Length}; it does not fit.");
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
                    metadata = property.Value.EnumerateObject()
                        .ToDictionary(row => row.Name, row => row.Value.GetString() ?? "");
                }
                else
                {
                    entries.Add(Entry(path, property.Name, property.Value, available));
                }
            }

            CheckPlaces(path, entries, available);
            return new SafeTensorsHeader(entries, metadata, 8 + json.Length);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException
                or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new SavedModelException(
                $"{path}: expected a safetensors header, got text that is none; the file is damaged.", exception);
        }
    }

    private static SafeTensorsEntry Entry(string path, string name, JsonElement json, long available)
    {
        var (dtype, bytes) = SafeTensorsDtypes.Find(path, name, json.GetProperty("dtype").GetString());
        var shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = json.GetProperty("data_offsets");
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());

        if (TensorBytes.Count(bytes, shape) is not { } wanted || begin < 0 || end - begin != wanted)
        {
            throw new SavedModelException(
                $"{path}: expected {name} of shape ({string.Join(", ", shape)}) to fill its bytes, "
                + $"got {begin} to {end}; the header is damaged.");
        }

        return end <= available
            ? new SafeTensorsEntry(name, dtype, shape, begin, end)
            : throw Short(path, $"{end} bytes of tensors", $"{available}");
    }

    /// <summary>
    /// The format has neither gaps nor overlaps: each tensor begins where the one before it ends, the
    /// last one at the end.
    /// </summary>
    private static void CheckPlaces(string path, IReadOnlyList<SafeTensorsEntry> entries, long available)
    {
        if (entries.DistinctBy(entry => entry.Name).Count() < entries.Count)
        {
            throw new SavedModelException(
                $"{path}: expected each tensor once, got a name twice; the header is damaged.");
        }

        long place = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != place)
            {
                throw new SavedModelException(
                    $"{path}: expected {entry.Name} to begin at byte {place}, where the tensor before it ends, "
                    + $"got {entry.Begin}; "
                    + "the file is damaged.");
            }

            place = entry.End;
        }

        if (place != available)
        {
            throw new SavedModelException(
                $"{path}: expected {place} bytes of tensors, got {available}; "
                + "the file is damaged or has something behind its end.");
        }
    }

    private static SavedModelException Short(string path, string expected, string got) =>
        new($"{path}: expected {expected}, got {got}; the file is cut short.");
}
