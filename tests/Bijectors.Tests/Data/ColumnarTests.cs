using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>What Parquet and Arrow files have in common.</summary>
public sealed class ColumnarTests : FolderTest
{
    private static readonly IReadOnlyList<TableColumn> s_schema =
    [
        new("age.in years") { MayBeMissing = true },
        new("city, \"x\"") { Categories = ["", "Berlin", "Rome", "東京"] },
        new("n"),
    ];

    public static TheoryData<string> Names => ["a.parquet", "a.arrow", "a.feather"];

    private static Table People => new(
        new TableSeries("age", [31, 25, double.NaN, 52, 40, 18.5]),
        new TableSeries("city", ["Rome", "Berlin", "Rome", null, "東京", ""]),
        new TableSeries("n", [1, 3, 2, 1, 1, 1e300]));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_is_written_and_read_again(string name)
    {
        Write(name, People);
        var read = Read(name);
        Assert.Equal(People.ToString(), read.ToString());
        Assert.Equal(People["age"].Numbers!, read["age"].Numbers!);
        Assert.Equal(People["city"].Texts!, read["city"].Texts!);
        Assert.Equal(People["n"].Numbers!, read["n"].Numbers!);
        Assert.Empty(read.Warnings);
        var some = Read(name, ["n", "2"]);
        Assert.Equal(["n", "city"], some.Columns.Select(column => column.Name));
        Assert.Contains("expected a column 'x', got the columns age, city, n", Message(() => Read(name, ["x"])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Items_are_written_in_words_and_read_by_their_schema(string name)
    {
        var values = tensor([1.5f, 0, 0.1f, float.NaN, 1, -3, 3, 3, 4, float.NaN, 2, 1e-20f]).reshape(4, 3);
        TableFile.Write(At(name), s_schema, values);
        using (var table = TableFile.Read(At(name), s_schema))
        {
            Assert.Equal(Values(values), Values(table.Items));
            Assert.Equal(s_schema, table.Schema!);
            Assert.Equal(s_schema.Select(column => column.Name), table.Header!);

            // Behind its own columns, in each format.
            table.WriteWith(At($"b{name}"), ("log_prob", [1, 2, double.NaN, 4]));
            table.WriteWith(At("b.csv"), ("log_prob", [1, 2, double.NaN, 4]));
        }

        Assert.Equal([1, 2, double.NaN, 4], Read($"b{name}")["log_prob"].Numbers!);
        foreach (var again in new[] { $"b{name}", "b.csv" })
        {
            using var table = TableFile.Read(At(again), s_schema);
            Assert.Equal(Values(values), Values(table.Items));
        }

        // And from text to columns.
        using (var text = TableFile.Read(At("b.csv"), s_schema))
        {
            text.WriteWith(At($"c{name}"), ("score", [4, 3, 2, 1]));
        }

        using var last = TableFile.Read(At($"c{name}"), s_schema);
        Assert.Equal(Values(values), Values(last.Items));
        Assert.Equal([1, 2, double.NaN, 4], Read($"c{name}")["log_prob"].Numbers!);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_are_written_under_names(string name)
    {
        TableFile.Write(At(name), ["x", "y"], tensor([1.0, 2, 3, 4]).reshape(2, 2));
        using var table = TableFile.Read(At(name));
        Assert.Equal([1, 2, 3, 4], Values(table.Items));
        Assert.True(TableFile.IsOne(At(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_data_set_is_opened_by_its_ending_or_by_its_kind(string name)
    {
        Write(name, new(
            new TableSeries("age", [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? double.NaN : i)]),
            new TableSeries("city", Alternating(40)),
            new TableSeries("n", [.. Enumerable.Range(0, 40).Select(i => (double)(i % 5))])));
        var kind = name.EndsWith(".parquet", StringComparison.Ordinal) ? "parquet" : "arrow";
        using (var set = Datasets.ReadTable(At(name), ["city", "n"]))
        {
            Assert.Equal(["a", "b"], set.Schema![0].Categories!);
        }

        File.Copy(At(name), At("other"));
        foreach (var spec in new[] { At(name), $"{kind}:{At(name)}", $"{kind}:{At("other")}" })
        {
            using var set = Datasets.Open($"{spec}?target=age,n&context=city&missing=age&category=n");
            Assert.Equal(
                [new("age") { MayBeMissing = true }, new("n") { Categories = ["0", "1", "2", "3", "4"] }],
                set.Schema!);
            Assert.Equal(["city=a", "city=b"], set.Context!.Columns!);
            Assert.Equal(At(spec.Contains("other", StringComparison.Ordinal) ? "other" : name),
                Datasets.TableColumns($"{spec}?target=age").File);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_that_is_cut_short_or_another_one_is_refused(string name)
    {
        Write(name, People);
        var good = File.ReadAllBytes(At(name));
        byte[][] damaged =
            [good[..^1], good[..(good.Length / 2)], good[..9], [.. good, 1], [1, 2, 3], new byte[100]];
        foreach (var bad in damaged)
        {
            Write(name, bad);
            Assert.StartsWith($"{name}: expected a", Message(() => Read(name)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tables_of_more_rows_than_a_group_are_whole(string name)
    {
        const int Count = (1 << 20) + 5;
        Write(name, new(
            new TableSeries("x", [.. Enumerable.Range(0, Count).Select(i => (double)i)]),
            new TableSeries("c", Alternating(Count))));
        var read = Read(name);
        Assert.Equal(Count, read.Rows);
        Assert.Equal((Count - 1.0, "a"), (read["x"].Numbers![^1], read["c"].Texts![^1]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_without_rows_is_refused(string name)
    {
        Write(name, new(new TableSeries("x", Array.Empty<double>())));
        Assert.Equal(0, Read(name).Rows);
        Assert.Equal($"{name}: expected rows, got none.", Message(() => Datasets.Open(At(name))));
    }

    private static IReadOnlyList<string?> Alternating(int count) =>
        [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? "a" : "b")];

    private void Write(string name, Table table)
    {
        if (name.EndsWith(".parquet", StringComparison.Ordinal))
        {
            table.WriteParquet(At(name));
        }
        else
        {
            table.WriteArrow(At(name));
        }
    }

    private Table Read(string name, IReadOnlyList<string>? columns = null) =>
        name.EndsWith(".parquet", StringComparison.Ordinal)
            ? Table.ReadParquet(At(name), columns) : Table.ReadArrow(At(name), columns);
}
