using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// The header of a NumPy array: the bytes <c>93 NUMPY</c>, the version, the length of a text, and that text, a Python
/// dictionary: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>.
/// </summary>
internal sealed partial record NpyHeader(ScalarType Type, bool IsFortran, long[] Shape, int Length)
{
    private static readonly (string Text, ScalarType Type)[] Types =
    [
        ("<f4", ScalarType.Float32),
        ("<f8", ScalarType.Float64),
        ("|u1", ScalarType.Byte),
        ("<i4", ScalarType.Int32),
        ("<i8", ScalarType.Int64),
    ];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static NpyHeader Read(string whose, Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        ReadExactly(start[..8]);
        if (!start[..6].SequenceEqual(Magic))
        {
            throw new DataException(
                whose,
                "a NumPy array (first bytes 93 NUMPY)",
                $"first bytes {Convert.ToHexString(start[..6])}",
                "the file is of another kind");
        }

        var isShort = start[6] == 1;
        if (start[6] is < 1 or > 3)
        {
            throw new DataException(whose, "format version 1, 2 or 3", $"{start[6]}");
        }

        ReadExactly(isShort ? start[8..10] : start[8..12]);
        var size = isShort
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (size > 1 << 20)
        {
            throw new DataException(whose, "a header of at most 1 MiB", $"{size} bytes", "the file is damaged");
        }

        var text = new byte[size];
        ReadExactly(text);
        return Parse(whose, Encoding.UTF8.GetString(text), (isShort ? 10 : 12) + (int)size);

        void ReadExactly(Span<byte> bytes)
        {
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw new DataException(whose, "the header of a NumPy array", "the end of the file", "it is cut short");
            }
        }
    }

    /// <summary>A version 1 header, padded so that the numbers begin at a multiple of 64 bytes.</summary>
    public static byte[] Write(string whose, Tensor tensor)
    {
        var type = Types.FirstOrDefault(row => row.Type == tensor.dtype).Text
            ?? throw new DataException(
                whose,
                "a tensor of Float32, Float64, Byte, Int32 or Int64",
                $"{tensor.dtype}",
                "convert it");
        var shape = tensor.dim() == 1 ? $"{tensor.shape[0]}," : string.Join(", ", tensor.shape);
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        var length = (10 + text.Length + 1 + 63) / 64 * 64;
        var header = new byte[length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        Encoding.ASCII.GetBytes((text.PadRight(length - 11) + '\n').AsSpan(), header.AsSpan(10));
        return header;
    }

    private static NpyHeader Parse(string whose, string text, int length)
    {
        var descr = DescrPattern().Match(text);
        var order = OrderPattern().Match(text);
        var shape = ShapePattern().Match(text);
        if (!order.Success || !shape.Success)
        {
            throw new DataException(whose, "a header with descr, fortran_order and shape", text.Trim());
        }

        var type = Types.FirstOrDefault(row => row.Text == descr.Groups[1].Value);
        if (type.Text is null)
        {
            throw new DataException(
                whose,
                $"dtype {string.Join(", ", Types.Select(row => row.Text))}",
                text.Trim(),
                "convert it with astype");
        }

        var sizes = shape.Groups[1].Value
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new DataException(whose, "sizes in the shape", $"({shape.Groups[1].Value})"));
        return new NpyHeader(type.Type, order.Groups[1].Value == "True", [.. sizes], length);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
