using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>SHA-256 of texts and tensors, as hexadecimal digits.</summary>
internal static class Digest
{
    private const int ShortDigits = 16;
    private const long SliceElements = 1 << 24;

    /// <summary>The first digits for a tensor: its shape, dtype and numbers.</summary>
    public static string Of(Tensor tensor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, tensor);
        return Hex(hash.GetHashAndReset())[..ShortDigits];
    }

    /// <summary>The first digits for a text.</summary>
    public static string Of(string text) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..ShortDigits];

    /// <summary>All digits for what a file holds, in the order of the names.</summary>
    public static string Of(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in texts.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, text);
        }

        foreach (var (name, tensor) in tensors.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, tensor);
        }

        return Hex(hash.GetHashAndReset());
    }

    private static string Hex(byte[] digest) => Convert.ToHexString(digest).ToLowerInvariant();

    private static void Append(IncrementalHash hash, Tensor tensor)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        Append(hash, $"{tensor.dtype} {string.Join(' ', tensor.shape)}");
        var flat = tensor.detach().cpu().resolve_neg().contiguous().view(-1);
        for (long start = 0; start < flat.numel(); start += SliceElements)
        {
            using var slice = flat.narrow(0, start, Math.Min(SliceElements, flat.numel() - start));
            hash.AppendData(slice.bytes);
        }
    }

    // The length goes first, so that no two lists of texts are the same bytes.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
