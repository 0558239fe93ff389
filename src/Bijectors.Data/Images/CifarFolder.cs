using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>CIFAR-10, binary version: each record is the class, then 32 x 32 bytes of red, of green, of blue.</summary>
internal static class CifarFolder
{
    private const int RecordBytes = 1 + (3 * 32 * 32);

    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, "data_batch_1.bin"));

    public static Dataset Open(string folder, int seed, int? validation)
    {
        if (!Directory.Exists(folder))
        {
            throw SourceFile.NoFolder("cifar10", folder);
        }

        using var scope = NewDisposeScope();
        var batches = Enumerable.Range(1, 5).Select(i => Records(folder, $"data_batch_{i}.bin")).ToArray();
        for (var i = 1; i < batches.Length; i++)
        {
            if (batches[i].shape[0] != batches[0].shape[0])
            {
                throw new DataException(
                    $"data_batch_{i + 1}.bin",
                    $"{batches[0].shape[0] * RecordBytes} bytes as in data_batch_1.bin",
                    $"{batches[i].shape[0] * RecordBytes}",
                    "fetch the file again");
            }
        }

        var (train, test) = (Parts(cat(batches)), Parts(Records(folder, "test_batch.bin")));
        return SplitItems.Deal("cifar10", train, test, validation, seed, 256);
    }

    private static Tensor Records(string folder, string file)
    {
        using var stream = SourceFile.Open(file, Path.Combine(folder, file));
        if (stream.Length == 0 || stream.Length % RecordBytes != 0)
        {
            throw new DataException(
                file,
                $"a multiple of {RecordBytes} bytes (a class and 3 x 32 x 32 pixels)",
                $"{stream.Length}",
                "fetch the file again");
        }

        var records =
            RawTensor.Read(file, stream, stream.Length, ScalarType.Byte, stream.Length / RecordBytes, RecordBytes);
        var largest = records.select(1, 0).max().item<byte>();
        return largest < 10
            ? records
            : throw new DataException(
                file,
                "classes 0..9 at the start of each record",
                $"{largest}",
                "the file is of another kind");
    }

    private static (Tensor Items, Tensor? Labels) Parts(Tensor records)
        => (records.narrow(1, 1, RecordBytes - 1).reshape(-1, 3, 32, 32), records.select(1, 0));
}
