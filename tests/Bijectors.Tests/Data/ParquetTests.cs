using System.Globalization;
using Bijectors.Data;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace Bijectors.Tests.Data;

/// <summary>Parquet files as others write them.</summary>
public sealed class ParquetTests : FolderTest
{
    private const int Rows = 3_000;

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Lz4Raw)]
    public async Task All_numbers_are_numbers_however_they_are_packed(CompressionMethod method)
    {
        await WriteNumbers("a.parquet", new ParquetOptions { CompressionMethod = method });
        CheckNumbers("a.parquet");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Dictionaries_are_read_as_what_they_stand_for(double threshold)
    {
        await WriteNumbers("a.parquet", new ParquetOptions { DictionaryEncodingThreshold = threshold });
        CheckNumbers("a.parquet");
    }

    [Fact]
    public async Task Groups_of_rows_follow_each_other()
    {
        var field = new DataField<long>("x");
        await Create(At("a.parquet"), new ParquetSchema(field), null, async writer =>
        {
            foreach (var values in new long[][] { [1, 2], [], [3] })
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<long>(field, values);
            }
        });
        Assert.Equal([1, 2, 3], Table.ReadParquet(At("a.parquet"))["x"].Numbers!);
    }

    [Fact]
    public async Task Digits_that_are_lost_are_told_of()
    {
        var (whole, big) = (new DataField<long>("whole"), new DataField<long>("big"));
        await Create(At("a.parquet"), new ParquetSchema(whole, big), null, async writer =>
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<long>(whole, (long[])[1L << 60, -(1L << 53), 5]);
            await group.WriteAsync<long>(big, (long[])[(1L << 53) + 1, 2, long.MaxValue]);
        });
        Assert.Equal(
            "a.parquet: numbers of column 2 ('big') lie beyond 2^53 and lose their last digits; take it for a "
            + "category, or leave it out.",
            Assert.Single(Table.ReadParquet(At("a.parquet")).Warnings));
        using var set = Datasets.Open($"{At("a.parquet")}?target=big");
        Assert.Contains("beyond 2^53", Assert.Single(set.Warnings));
    }

    [Fact]
    public async Task What_is_neither_number_nor_text_is_refused_where_it_is_asked_for()
    {
        var (x, when, bytes) = (
            new DataField<double>("x"), new DataField<DateTime>("when"), new DataField<byte[]>("bytes"));
        var (list, part) = (new ListField("list", new DataField<int>("item")), new DataField<int>("part"));
        var inner = new StructField("inner", part);
        await Create(At("a.parquet"), new ParquetSchema(x, when, bytes, list, inner), null, async writer =>
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(x, (double[])[1, 2, 3]);
            await group.WriteAsync<DateTime>(when, (DateTime[])[new(2020, 1, 1), new(2020, 1, 2), new(2020, 1, 3)]);
            await group.WriteAsync(bytes, (IReadOnlyCollection<byte[]>)[[1], [2], [3]]);
            foreach (var (field, repeats) in new[] { ((DataField)list.Item, true), (part, false) })
            {
                int[] defined = [.. Enumerable.Repeat(field.MaxDefinitionLevel, 3)];
                await group.WriteAllPartsAsync<int>(
                    field, (int[])[1, 2, 3], defined, repeats ? (ReadOnlyMemory<int>?)new int[3] : null, default);
            }
        });
        using (var set = Datasets.Open($"{At("a.parquet")}?target=x"))
        {
            Assert.Equal(["x"], set.Columns!);
        }

        foreach (var (name, type) in new[]
        {
            ("when", "DateTime"), ("bytes", "bytes"), ("list", "a List"), ("inner", "a Struct"),
        })
        {
            Assert.Contains(
                $"('{name}'), got {type}; leave the column out",
                Message(() => Datasets.Parquet(At("a.parquet"), ["x", name])));
        }

        using var table = TableFile.Read(At("a.parquet"), ["x"]);
        Assert.Equal(["x", "when", "bytes", "list", "inner"], table.Header!);
        Assert.Contains(
            "got 'when' with DateTime; write to a .npy or .json", Message(() => table.WriteWith(At("b.csv"))));
    }

    private void CheckNumbers(string file)
    {
        var table = Table.ReadParquet(At(file));
        Assert.Empty(table.Warnings);
        foreach (var column in table.Columns.Where(column => column.Name is not ("text" or "optional text" or "bool")))
        {
            var isOptional = column.Name.StartsWith("optional", StringComparison.Ordinal);
            Assert.Equal(
                Enumerable.Range(0, Rows).Select(i => isOptional && i % 3 == 0 ? double.NaN : i % 100),
                column.Numbers!);
        }

        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (double)(i % 2)), table["bool"].Numbers!);
        Assert.Equal(Enumerable.Range(0, Rows).Select(i => $"t{i % 100}"), table["text"].Texts!);
        Assert.Equal(
            Enumerable.Range(0, Rows).Select(i => i % 3 == 0 ? null : $"t{i % 100}"), table["optional text"].Texts!);
    }

    private Task WriteNumbers(string file, ParquetOptions options)
    {
        var fields = new List<(DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write)>();
        void Add<T>(Func<int, T> value)
            where T : struct
        {
            var all = Enumerable.Range(0, Rows).Select(i => value(i % 100)).ToArray();
            var some = all.Select((each, i) => i % 3 == 0 ? (T?)null : each).ToArray();
            fields.Add((new DataField<T>(typeof(T).Name), (group, field) => group.WriteAsync<T>(field, all)));
            fields.Add((
                new DataField<T>($"optional {typeof(T).Name}", nullable: true),
                (group, field) => group.WriteAsync<T>(field, (ReadOnlyMemory<T?>)some)));
        }

        Add(i => (sbyte)i);
        Add(i => (byte)i);
        Add(i => (short)i);
        Add(i => (ushort)i);
        Add(i => i);
        Add(i => (uint)i);
        Add(i => (long)i);
        Add(i => (ulong)i);
        Add(i => (float)i);
        Add(i => (double)i);
        Add(i => (decimal)i);
        fields.Add((
            new DataField<bool>("bool"),
            (group, field) => group.WriteAsync<bool>(
                field, Enumerable.Range(0, Rows).Select(i => i % 2 > 0).ToArray())));
        string[] texts =
            [.. Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"t{i % 100}"))];
        fields.Add((new DataField<string>("text", nullable: false), (group, field) => group.WriteAsync(field, texts)));
        fields.Add((
            new DataField<string>("optional text", nullable: true),
            (group, field) => group.WriteAsync(
                field, (IReadOnlyCollection<string?>)[.. texts.Select((text, i) => i % 3 == 0 ? null : text)])));
        return Create(At(file), new ParquetSchema(fields.Select(each => each.Field)), options, async writer =>
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, write) in fields)
            {
                await write(group, field);
            }
        });
    }

    private static async Task Create(
        string path, ParquetSchema schema, ParquetOptions? options, Func<ParquetWriter, Task> write)
    {
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, options);
        await write(writer);
    }
}
