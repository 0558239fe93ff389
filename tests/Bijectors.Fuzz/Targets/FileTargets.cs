using System.IO.Compression;
using System.Text;
using Bijectors.Data;
using static TorchSharp.torch;

namespace Bijectors.Fuzz;

/// <summary>All formats of data files.</summary>
internal static class FileTargets
{
    public static IEnumerable<Target> All()
    {
        var texts = Tables().Select(Encoding.UTF8.GetBytes).ToList();
        yield return new FileTarget("csv", 130, "a.csv", "*/a.csv", texts, TextOrBytes);
        var tabbed = Tables().Select(text => Encoding.UTF8.GetBytes(text.Replace(',', '\t')));
        yield return new FileTarget("tsv", 30, "a.tsv", "*/a.tsv", [.. tabbed], TextOrBytes);
        yield return new FileTarget("csv.gz", 60, "a.csv.gz", "*/a.csv.gz", [.. texts.Select(Gzip.Pack)],
            Inside(Gzip.Unpack, TextOrBytes, Gzip.Pack));
        yield return new FileTarget("table", 60, "a.csv", "*/a.csv?category=c&missing=a,c", [.. Mixed()], TextOrBytes);
        yield return new FileTarget(
            "parquet", 60, "a.parquet", "*/a.parquet?missing=a", [.. ColumnarSeeds.Parquet()], ByteMutation.Of);
        yield return new FileTarget(
            "arrow", 40, "a.arrow", "*/a.arrow?missing=a", [.. ColumnarSeeds.Arrow(isFile: true)], ByteMutation.Of);
        yield return new FileTarget(
            "arrow stream", 20, "a.feather", "*/a.feather?missing=a", [.. ColumnarSeeds.Arrow(isFile: false)],
            ByteMutation.Of);
        yield return new FileTarget("npy", 90, "a.npy", "*/a.npy", [.. Arrays()], ByteMutation.Of);
        yield return new FileTarget("npz", 60, "a.npz", "*/a.npz", [.. Archives()],
            Inside(Archive.Unpack, ByteMutation.Of, content => Archive.Pack(content, CompressionLevel.Fastest)));
        yield return new FileTarget("idx", 60, "train-images-idx3-ubyte", "idx:*", [Idx()], ByteMutation.Of)
        {
            Others = [("t10k-images-idx3-ubyte", Idx())],
        };
        yield return new FileTarget("png", 60, "a.png", "png:*", [Picture()],
            Inside(picture => picture, ByteMutation.Of, PngChunks.WithChecksums))
        {
            Others = [.. Enumerable.Range(0, 12).Select(i => ($"{i}.png", Picture()))],
        };
        yield return new FileTarget("cifar", 30, "data_batch_1.bin", "cifar10:*", [Cifar()], ByteMutation.Of)
        {
            Others =
            [
                .. Enumerable.Range(2, 4).Select(i => $"data_batch_{i}.bin").Append("test_batch.bin")
                    .Select(name => (name, Cifar())),
            ],
        };
    }

    /// <summary>Changes what is inside, with a packing and checksums that are right; at times the packing.</summary>
    private static Func<byte[], Random, byte[]> Inside(
        Func<byte[], byte[]> unpack, Func<byte[], Random, byte[]> change, Func<byte[], byte[]> pack) =>
        (input, random) =>
            random.Next(3) == 0 ? ByteMutation.Of(input, random) : pack(change(unpack(input), random));

    private static byte[] TextOrBytes(byte[] input, Random random) => random.Next(4) == 0
        ? ByteMutation.Of(input, random)
        : Encoding.UTF8.GetBytes(TextMutation.Of(Encoding.UTF8.GetString(input), random));

    private static IEnumerable<string> Tables()
    {
        var random = new Random(1);
        string Row() => $"{random.NextDouble():R},{-random.NextDouble():F3},{random.Next(9)}";
        var rows = string.Join('\n', Enumerable.Range(0, 24).Select(_ => Row()));
        yield return $"a,b,c\n{rows}\n";
        yield return $"{rows}";
        var windows = rows.Replace("\n", "\r\n", StringComparison.Ordinal);
        yield return $"\"a, with \"\"quotes\"\"\",b,\"c\nd\"\r\n{windows}\r\n";
    }

    private static IEnumerable<byte[]> Mixed()
    {
        var rows = Enumerable.Range(0, 24).Select(i => $"{(i % 4 == 0 ? "" : $"{i}.5")},{i},{(char)('u' + (i % 5))}\n");
        yield return Encoding.UTF8.GetBytes($"a,b,c\n{string.Concat(rows)}");
    }

    private static IEnumerable<byte[]> Arrays()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        foreach (var tensor in (Tensor[])
        [
            randn(24, 3, generator: generator), randn(24, 1, 2, 2, dtype: ScalarType.Float64, generator: generator),
            randint(0, 4, [24, 1, 2, 2], ScalarType.Byte, generator: generator),
            randint(0, 9, [24, 2], ScalarType.Int64, generator: generator),
        ])
        {
            yield return InFile("a.npy", path => Npy.Write(path, tensor));
        }
    }

    private static IEnumerable<byte[]> Archives()
    {
        var array = Arrays().First();
        yield return Archive.Pack(array, CompressionLevel.NoCompression);
        yield return Archive.Pack(array, CompressionLevel.Fastest);
    }

    private static byte[] Idx() => [0, 0, 8, 3, 0, 0, 0, 24, 0, 0, 0, 3, 0, 0, 0, 3, .. new byte[24 * 9]];

    private static byte[] Cifar() =>
        [.. Enumerable.Range(0, 12).SelectMany(i => new byte[3072].Prepend((byte)(i % 10)))];

    private static byte[] Picture()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        return PngImage.EncodeGrid(rand(1, 1, 8, 8, generator: generator), 1, gap: 0);
    }

    private static byte[] InFile(string name, Action<string> write)
    {
        var folder = Directory.CreateTempSubdirectory("bijectors-fuzz-");
        try
        {
            write(Path.Combine(folder.FullName, name));
            return File.ReadAllBytes(Path.Combine(folder.FullName, name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
