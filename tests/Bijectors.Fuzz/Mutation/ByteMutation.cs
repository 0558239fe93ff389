using System.Buffers.Binary;

namespace Bijectors.Fuzz;

/// <summary>Changes of bytes, without knowing what they mean.</summary>
internal static class ByteMutation
{
    private const int MostChanges = 4;
    private const int LongestRun = 64;

    private static readonly Func<byte[], Random, byte[]>[] s_changes =
    [
        Flip, Overwrite, Number, Number, Insert, Delete, Repeat, CutShort, Append, Swap,
    ];

    /// <summary>A few changes one after another.</summary>
    public static byte[] Of(byte[] input, Random random)
    {
        var changed = input;
        for (var i = random.Next(1, MostChanges + 1); i > 0; i--)
        {
            changed = s_changes[random.Next(s_changes.Length)](changed, random);
        }

        return changed;
    }

    private static byte[] Flip(byte[] input, Random random) =>
        Changed(input, random, (bytes, at) => bytes[at] ^= (byte)(1 << random.Next(8)));

    private static byte[] Overwrite(byte[] input, Random random) =>
        Changed(input, random, (bytes, at) => bytes[at] = (byte)random.Next(256));

    private static byte[] Number(byte[] input, Random random)
    {
        var bytes = input.ToArray();
        var width = 1 << random.Next(4);
        if (bytes.Length < width)
        {
            return bytes;
        }

        var place = bytes.AsSpan(random.Next(bytes.Length - width + 1), width);
        Span<byte> number = stackalloc byte[8];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, Numbers.Value(random));
            number[..width].CopyTo(place);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, Numbers.Value(random));
            number[^width..].CopyTo(place);
        }

        return bytes;
    }

    private static byte[] Insert(byte[] input, Random random)
    {
        var (at, added) = (random.Next(input.Length + 1), new byte[random.Next(1, LongestRun)]);
        random.NextBytes(added);
        return [.. input[..at], .. added, .. input[at..]];
    }

    private static byte[] Delete(byte[] input, Random random)
    {
        var (from, to) = Range(input, random);
        return [.. input[..from], .. input[to..]];
    }

    private static byte[] Repeat(byte[] input, Random random)
    {
        var (from, to) = Range(input, random);
        return [.. input[..to], .. input[from..to], .. input[to..]];
    }

    private static byte[] CutShort(byte[] input, Random random) => input[..random.Next(input.Length + 1)];

    private static byte[] Append(byte[] input, Random random) => [.. input, .. new byte[random.Next(1, LongestRun)]];

    private static byte[] Swap(byte[] input, Random random)
    {
        var (from, to) = Range(input, random);
        return [.. input[to..], .. input[from..to], .. input[..from]];
    }

    private static byte[] Changed(byte[] input, Random random, Action<byte[], int> change)
    {
        var bytes = input.ToArray();
        if (bytes.Length > 0)
        {
            change(bytes, random.Next(bytes.Length));
        }

        return bytes;
    }

    private static (int From, int To) Range(byte[] input, Random random)
    {
        var from = random.Next(input.Length + 1);
        return (from, Math.Min(input.Length, from + random.Next(1, LongestRun)));
    }
}
