using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Bijectors.Data;
using Xunit;
using Table = Bijectors.Data.Table;

namespace Bijectors.Tests.Data;

/// <summary>Arrow files and streams as others write them.</summary>
public sealed class ArrowTests : FolderTest
{
    [Theory]
    [InlineData(null, true)]
    [InlineData(null, false)]
    [InlineData(CompressionCodecType.Lz4Frame, true)]
    [InlineData(CompressionCodecType.Zstd, true)]
    [InlineData(CompressionCodecType.Zstd, false)]
    public void All_numbers_are_numbers_and_all_texts_texts(CompressionCodecType? codec, bool isFile)
    {
        double[] numbers = [1, double.NaN, 3, 100];
        string?[] texts = ["Rome", null, "", "東京"];
        WriteArrays("a.arrow", codec, isFile, Numbers(), Texts());
        var table = Table.ReadArrow(At("a.arrow"));
        Assert.Empty(table.Warnings);
        Assert.Equal(Numbers().Count + Texts().Count, table.Columns.Count);
        foreach (var (name, array) in Numbers())
        {
            double[] expected = array is BooleanArray ? [1, double.NaN, 0, 1] : numbers;
            Assert.Equal([.. expected, .. expected], table[name].Numbers!);
        }

        foreach (var (name, _) in Texts())
        {
            Assert.Equal([.. texts, .. texts], table[name].Texts!);
        }
    }

    [Fact]
    public void A_dictionary_gives_categories()
    {
        WriteArrays("a.arrow", null, true, Numbers(), Texts());
        using var set = Datasets.Open($"{At("a.arrow")}?target=Dictionary,Double&missing=Dictionary,Double");
        Assert.Equal(
            [new("Dictionary") { Categories = ["", "Rome", "東京"] }, new("Double") { MayBeMissing = true }],
            set.Schema!);
    }

    [Fact]
    public void What_is_neither_number_nor_text_is_refused_where_it_is_asked_for()
    {
        var dates = new Date32Array.Builder().Append(new DateTime(2020, 1, 1)).Append(new DateTime(2020, 1, 2)).Build();
        var bytes = new BinaryArray.Builder().Append([1, 2]).Append([3]).Build();
        var lists = new ListArray.Builder(Int32Type.Default);
        ((Int32Array.Builder)lists.ValueBuilder).Append(1).Append(2);
        lists.Append();
        lists.Append();
        WriteArrays(
            "a.arrow", null, true,
            [
                ("x", new DoubleArray.Builder().Append(1).Append(2).Build()), ("when", dates), ("bytes", bytes),
                ("list", lists.Build()),
            ]);
        Assert.Equal([1, 2, 1, 2], Table.ReadArrow(At("a.arrow"), ["x"])["x"].Numbers!);
        foreach (var (name, type) in new[] { ("when", "date32"), ("bytes", "bytes"), ("list", "list") })
        {
            Assert.Contains(
                $"('{name}'), got {type}; leave the column out", Message(() => Table.ReadArrow(At("a.arrow"), [name])));
        }
    }

    [Fact]
    public void Digits_that_are_lost_are_told_of()
    {
        WriteArrays(
            "a.arrow", null, true,
            [
                ("x", new UInt64Array.Builder().Append(ulong.MaxValue).Build()),
                ("y", new Int64Array.Builder().Append(1L << 60).Build()),
            ]);
        Assert.Contains(
            "column 1 ('x') lie beyond 2^53", Assert.Single(Table.ReadArrow(At("a.arrow")).Warnings));
    }

    [Fact]
    public void What_unpacks_to_too_much_is_refused()
    {
        const int Count = 40_000_000;
        var zeros = new DoubleArray(new ArrowBuffer(new byte[sizeof(double) * Count]), ArrowBuffer.Empty, Count, 0, 0);
        WriteArrays("a.arrow", CompressionCodecType.Zstd, true, [("x", zeros)], batches: 1);
        Assert.InRange(new FileInfo(At("a.arrow")).Length, 1, 1 << 20);
        Assert.Contains("at most 268435456 bytes", Message(() => Table.ReadArrow(At("a.arrow"))));
    }

    [Fact]
    public void The_first_version_of_Feather_is_told_apart()
    {
        Write("a.feather", "FEA1 and more");
        Assert.Contains("Feather file of version 2", Message(() => Datasets.Open(At("a.feather"))));
    }

    private static List<(string Name, IArrowArray Array)> Numbers() =>
    [
        ("Int8", new Int8Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("Double", new DoubleArray.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("Int16", new Int16Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("Int32", new Int32Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("Int64", new Int64Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("UInt8", new UInt8Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("UInt16", new UInt16Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("UInt32", new UInt32Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("UInt64", new UInt64Array.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("Half", new HalfFloatArray.Builder().Append((Half)1).AppendNull().Append((Half)3).Append((Half)100).Build()),
        ("Float", new FloatArray.Builder().Append(1).AppendNull().Append(3).Append(100).Build()),
        ("Decimal", new Decimal128Array.Builder(new Decimal128Type(10, 2))
            .Append(1m).AppendNull().Append(3m).Append(100m).Build()),
        ("Wide", new Decimal256Array.Builder(new Decimal256Type(10, 2))
            .Append(1m).AppendNull().Append(3m).Append(100m).Build()),
        ("Bool", new BooleanArray.Builder().Append(true).AppendNull().Append(false).Append(true).Build()),
        ("Coded", new DictionaryArray(
            new DictionaryType(UInt8Type.Default, Int32Type.Default, false),
            new UInt8Array.Builder().Append(2).AppendNull().Append(0).Append(1).Build(),
            new Int32Array.Builder().Append(3).Append(100).Append(1).Build())),
    ];

    private static List<(string Name, IArrowArray Array)> Texts() =>
    [
        ("String", new StringArray.Builder().Append("Rome").AppendNull().Append("").Append("東京").Build()),
        ("Large", new LargeStringArray.Builder().Append("Rome").AppendNull().Append("").Append("東京").Build()),
        ("View", new StringViewArray.Builder().Append("Rome").AppendNull().Append("").Append("東京").Build()),
        ("Dictionary", new DictionaryArray(
            new DictionaryType(Int32Type.Default, StringType.Default, false),
            new Int32Array.Builder().Append(1).AppendNull().Append(0).Append(2).Build(),
            new StringArray.Builder().Append("").Append("Rome").Append("東京").Build())),
    ];

    private void WriteArrays(
        string name,
        CompressionCodecType? codec,
        bool isFile,
        IReadOnlyList<(string Name, IArrowArray Array)> columns,
        IReadOnlyList<(string Name, IArrowArray Array)>? more = null,
        int batches = 2)
    {
        columns = [.. columns, .. more ?? []];
        var schema = new Schema(columns.Select(each => new Field(each.Name, each.Array.Data.DataType, true)), null);
        var options = new IpcOptions
        {
            CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory(),
        };
        using var stream = File.Create(At(name));
        using var writer = isFile
            ? new ArrowFileWriter(stream, schema, false, options)
            : new ArrowStreamWriter(stream, schema, false, options);
        writer.WriteStart();
        for (var i = 0; i < batches; i++)
        {
            writer.WriteRecordBatch(
                new RecordBatch(schema, columns.Select(each => each.Array), columns[0].Array.Length));
        }

        writer.WriteEnd();
    }
}
