namespace Bijectors.Data;

public static partial class Datasets
{
    /// <summary>
    /// An array of a NumPy <c>.npy</c> file, as <see cref="Data.Npy.Read(string)"/> reads it: vectors <c>(N, d)</c>,
    /// scalars <c>(N)</c> as <c>(N, 1)</c>, or images <c>(N, channels, height, width)</c>. Images of bytes have 256
    /// levels; all else is continuous.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="split">How items are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <exception cref="DataException">
    /// The file is missing, cut short, of another kind, rank or dtype, or holds NaN; the split does not fit.
    /// </exception>
    public static Dataset Npy(string file, Split? split = null, int seed = 0)
        => NumpyItems.OpenNpy(file, split ?? Split.Usual, seed);

    /// <summary>One array of a NumPy <c>.npz</c> archive, used as <see cref="Npy"/> uses a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">The array's name; null if the archive holds only one.</param>
    /// <param name="split">How items are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="context">The name of an array with a context <c>(N, ...)</c> for each item; null for none.</param>
    /// <exception cref="DataException">
    /// As for <see cref="Npy"/>; there is no such array, or several and no key.
    /// </exception>
    public static Dataset Npz(
        string file, string? key = null, Split? split = null, int seed = 0, string? context = null)
        => NumpyItems.OpenNpz(file, key, split ?? Split.Usual, seed, context);
}
