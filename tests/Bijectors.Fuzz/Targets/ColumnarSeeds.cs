using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;

namespace Bijectors.Fuzz;

/// <summary>Parquet and Arrow files with a column of each kind, written in several ways.</summary>
internal static class ColumnarSeeds
{
    private const int Rows = 24;

    private static readonly double[] s_numbers = [.. Enumerable.Range(0, Rows).Select(i => i * 0.37)];
    private static readonly int[] s_counts = [.. Enumerable.Range(0, Rows).Select(i => i % 5)];
    private static readonly string[] s_words =
        [.. Enumerable.Range(0, Rows).Select(i => i % 3 == 0 ? "Rome" : "Berlin")];

    public static IEnumerable<byte[]> Parquet() =>
    [
        Parquet(new ParquetOptions { CompressionMethod = CompressionMethod.None }),
        Parquet(new ParquetOptions { CompressionMethod = CompressionMethod.None, DictionaryEncodingThreshold = 0 }),
        Parquet(new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }),
        Parquet(new ParquetOptions { CompressionMethod = CompressionMethod.Gzip }),
        Parquet(new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }),
        Parquet(new ParquetOptions { CompressionMethod = CompressionMethod.Lz4Raw }),
    ];

    public static IEnumerable<byte[]> Arrow(bool isFile) =>
        [Arrow(isFile, null), Arrow(isFile, CompressionCodecType.Lz4Frame), Arrow(isFile, CompressionCodecType.Zstd)];

    private static byte[] Parquet(ParquetOptions options)
    {
        var (number, count, word) = (
            new DataField<double>("a", nullable: true), new DataField<int>("b"), new DataField<string>("c"));
        using var stream = new MemoryStream();
        Task.Run(async () =>
        {
            await using var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema(number, count, word), stream, options);
            for (var part = 0; part < 2; part++)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<double>(
                    number, s_numbers.Select((each, i) => i % 4 == 0 ? (double?)null : each).ToArray());
                await group.WriteAsync<int>(count, s_counts);
                await group.WriteAsync(word, s_words);
            }
        }).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static byte[] Arrow(bool isFile, CompressionCodecType? codec)
    {
        var numbers = new DoubleArray.Builder().AppendRange(s_numbers.Skip(1)).AppendNull().Build();
        var counts = new Int32Array.Builder().AppendRange(s_counts).Build();
        var words = new StringArray.Builder().AppendRange(s_words).Build();
        var coded = new DictionaryArray(
            new DictionaryType(Int8Type.Default, StringType.Default, false),
            new Int8Array.Builder().AppendRange(s_counts.Select(i => (sbyte)(i % 2))).Build(),
            new StringArray.Builder().Append("x").Append("y").Build());
        IArrowArray[] arrays = [numbers, counts, words, coded];
        var schema = new Schema(
            arrays.Select((array, i) => new Field($"{(char)('a' + i)}", array.Data.DataType, true)), null);
        var options = new IpcOptions
        {
            CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory(),
        };
        using var stream = new MemoryStream();
        using (var writer = isFile
            ? new ArrowFileWriter(stream, schema, true, options) : new ArrowStreamWriter(stream, schema, true, options))
        {
            writer.WriteStart();
            writer.WriteRecordBatch(new RecordBatch(schema, arrays, Rows));
            writer.WriteRecordBatch(new RecordBatch(schema, arrays, Rows));
            writer.WriteEnd();
        }

        return stream.ToArray();
    }
}
