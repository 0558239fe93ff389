namespace Bijectors.Data;

public static partial class Datasets
{
    /// <summary>Where Debian's package <c>dataset-fashion-mnist</c> puts Fashion-MNIST.</summary>
    public const string FashionMnistFolder = "/usr/share/datasets/fashion-mnist";

    /// <summary>
    /// Fashion-MNIST: 60,000 + 10,000 images <c>(1, 28, 28)</c> of bytes in ten classes.
    /// Source: Xiao, Rasul, Vollgraf 2017, Fashion-MNIST, arXiv 1708.07747.
    /// </summary>
    /// <param name="folder">The folder with the four IDX files, packed or not.</param>
    /// <param name="seed">The seed that chooses the validation items.</param>
    /// <param name="validation">
    /// The number of training images held out; 5,000, or a tenth of a smaller set, if null.
    /// </param>
    /// <exception cref="DataException">The files are not there, or cannot be read.</exception>
    public static Dataset FashionMnist(string folder = FashionMnistFolder, int seed = 0, int? validation = null)
        => IdxFolder.IsOne(folder)
            ? IdxFolder.Open("fashion-mnist", folder, seed, validation)
            : throw new DataException(
                "fashion-mnist",
                $"the four IDX files in '{folder}'",
                "none",
                $"on Debian 'apt-get install dataset-fashion-mnist' puts them into '{FashionMnistFolder}', "
                    + "elsewhere get them from the project zalandoresearch/fashion-mnist and name their folder");

    /// <summary>
    /// MNIST and its relatives as IDX files: <c>train-images-idx3-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and, where
    /// there are labels, <c>train-labels-idx1-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>; each also as <c>.gz</c>,
    /// each also with a dot before <c>idx</c>. Images are <c>(1, rows, columns)</c> with 256 levels.
    /// </summary>
    /// <param name="folder">The folder with the files.</param>
    /// <param name="seed">The seed that chooses the validation items out of the training file.</param>
    /// <param name="validation">
    /// The number of training images held out; 5,000, or a tenth of a smaller set, if null.
    /// </param>
    /// <exception cref="DataException">
    /// A file is missing, of another kind, or cut short; labels and images differ in number; the split does not fit.
    /// </exception>
    public static Dataset Idx(string folder, int seed = 0, int? validation = null)
        => IdxFolder.Open("idx", folder, seed, validation);

    /// <summary>
    /// CIFAR-10 in its binary version: <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> and <c>test_batch.bin</c>.
    /// Images are <c>(3, 32, 32)</c> with 256 levels, in ten classes.
    /// </summary>
    /// <param name="folder">The folder with the six files.</param>
    /// <param name="seed">The seed that chooses the validation items out of the training files.</param>
    /// <param name="validation">
    /// The number of training images held out; 5,000, or a tenth of a smaller set, if null.
    /// </param>
    /// <exception cref="DataException">
    /// A file is missing, cut short, or of another kind; the split does not fit.
    /// </exception>
    public static Dataset Cifar10(string folder, int seed = 0, int? validation = null)
        => CifarFolder.Open(folder, seed, validation);

    /// <summary>
    /// The <c>*.png</c> files of a folder in the order of their names, 8 bits a channel, all of one size and opaque.
    /// On Linux it needs the native library that <see cref="PngImage"/> names.
    /// </summary>
    /// <param name="folder">The folder; its subfolders are not searched.</param>
    /// <param name="channels">1 for grey, 3 for colour; null for 1 if every image is grey, else 3.</param>
    /// <param name="split">How images are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <exception cref="DataException">
    /// There are no images, one cannot be decoded or is of another size, one is coloured where grey is asked for, the
    /// split does not fit.
    /// </exception>
    public static Dataset PngFolder(string folder, int? channels = null, Split? split = null, int seed = 0)
        => PngFolderReader.Open(folder, channels, split ?? Split.Usual, seed);
}
