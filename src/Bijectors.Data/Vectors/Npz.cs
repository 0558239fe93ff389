using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>NumPy's <c>.npz</c> format: a zip file of <see cref="Npy"/> arrays, each under a name.</summary>
public static class Npz
{
    /// <summary>One array, in its own dtype and shape, owned by the caller.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The name of the array; null for the only one there is.</param>
    /// <exception cref="DataException">The file is missing, damaged or of another kind, or has no array of that name,
    /// or several and no name is given.</exception>
    public static Tensor Read(string path, string? key = null)
    {
        using var archive = NpzArchive.Open(path);
        return archive.Read(key).Array;
    }
}
