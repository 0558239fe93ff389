using System.Security.Cryptography;
using System.Text;
using Bijectors.Files;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The SHA-256 of a saved model, of its metadata and tensors in the order of their names, which the format itself does
/// not have. Files of earlier versions have none.
/// </summary>
internal static class SavedDigest
{
    /// <summary>Its name among the metadata.</summary>
    public const string Key = "sha256";

    /// <summary>The digest as hexadecimal digits.</summary>
    public static string Of(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var texts = metadata.Where(row => row.Key != Key).OrderBy(row => row.Key, StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            Append(hash, name);
            Append(hash, text);
        }

        using var ungraded = no_grad();
        foreach (var (name, tensor) in tensors.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            using var here = tensor.cpu();
            using var rows = here.contiguous();
            TensorBytes.Visit(rows, hash.AppendData);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Stops where a file does not hold what was saved.</summary>
    /// <exception cref="SavedModelException">Its digest is another one than it says.</exception>
    public static void Check(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue(Key, out var said) && said != Of(tensors, metadata))
        {
            throw new SavedModelException(
                $"{path}: expected the content with the {Key} that the file names, got another; it is damaged, "
                + $"or was changed by hand, in which case take {Key} out of its metadata.");
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
