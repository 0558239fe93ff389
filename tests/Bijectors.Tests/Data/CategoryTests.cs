using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>Columns of a table that hold texts.</summary>
public sealed class CategoryTests : FolderTest
{
    private const string People = "age,city,job\n31,Rome,cook\n25,Berlin,\n47,Rome,smith\n52,Paris,cook\n";

    [Fact]
    public void Texts_become_codes_in_ordinal_order()
    {
        using var table = TableFile.Read(Write("a.csv", People), ["age", "city"], categories: ["city"]);
        Assert.Equal([31, 2, 25, 0, 47, 2, 52, 1], Values(table.Items));
        Assert.Equal(
            [new TableColumn("age"), new TableColumn("city") { Categories = ["Berlin", "Paris", "Rome"] }],
            table.Schema!);
        using var set = Datasets.Open($"csv:{At("a.csv")}?target=age,city&category=2");
        Assert.Equal(table.Schema!, set.Schema!);
        Assert.Equal(["age", "city"], set.Columns!);
    }

    [Fact]
    public void Numbers_become_codes_in_their_own_order()
    {
        var path = Write("a.csv", "x,year\n1,900\n2,10\n3,1e3\n4,900\n");
        using var table = TableFile.Read(path, categories: ["year"]);
        Assert.Equal(["10", "900", "1e3"], table.Schema![1].Categories!);
        Assert.Equal([1, 1, 2, 0, 3, 2, 4, 1], Values(table.Items));
    }

    [Fact]
    public void A_table_without_names_has_numbers_for_names()
    {
        var path = Write("a.csv", "1,x,5\n2,y,6\n3,x,8\n");
        using var table = TableFile.Read(path, ["3", "2"], categories: ["2"]);
        Assert.Null(table.Header);
        Assert.Equal(
            [new TableColumn("3"), new TableColumn("2") { Categories = ["x", "y"] }], table.Schema!);
        using var again = TableFile.Read(path, table.Schema!);
        Assert.True(table.Items.Equals(again.Items));
        using var numbers = TableFile.Read(path, ["3"]);
        Assert.Null(numbers.Schema);
    }

    [Fact]
    public void An_empty_cell_is_a_category_where_cells_may_be_empty()
    {
        var path = Write("a.csv", People);
        using var table = TableFile.Read(path, ["job", "age"], categories: ["job"], missing: ["job"]);
        Assert.Equal(["", "cook", "smith"], table.Schema![0].Categories!);
        Assert.Equal([1, 31, 0, 25, 2, 47, 1, 52], Values(table.Items));
        using var again = TableFile.Read(path, table.Schema!);
        Assert.True(table.Items.Equals(again.Items));
        Assert.Equal(
            "a.csv: expected a category in row 3, column 3 ('job'), got an empty cell; fill the cell, or name the "
            + "column under missing= (missing: in code) to make an empty cell a category.",
            Message(() => TableFile.Read(path, categories: ["city", "job"])));
    }

    [Fact]
    public void A_known_schema_gives_the_codes_and_refuses_other_texts()
    {
        IReadOnlyList<TableColumn> schema = [new("city") { Categories = ["Rome", "Paris", "Berlin", " Bonn"] }];
        using (var table = TableFile.Read(Write("a.csv", "n,city\n1,Rome\n2,Berlin\n3, Paris\n4, Bonn\n"), schema))
        {
            Assert.Equal([0, 2, 1, 3], Values(table.Items));
            Assert.Equal(schema, table.Schema!);
        }

        Write("a.csv", "city,n\nRome,1\n\nLondon,2\n");
        Assert.Equal(
            "a.csv: expected one of the categories Rome, Paris, Berlin,  Bonn in row 4, column 1 ('city'), "
            + "got 'London'; mend the cell, leave the row out, or train on rows with this category too.",
            Message(() => TableFile.Read(At("a.csv"), schema)));
        Assert.Contains(
            "expected a column 'city', got the columns n",
            Message(() => TableFile.Read(Write("b.csv", "n\n1\n"), schema)));
    }

    [Fact]
    public void A_column_that_says_who_a_row_is_is_no_category()
    {
        var rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},p{Math.Min(i, 10)}\n"));
        Assert.Equal(
            "a.csv: expected at most 10 categories in column 2 ('id') of 20 rows, got 11; it looks like an "
            + "identifier: leave the column out, or put rare ones together.",
            Message(() => Datasets.Csv(Write("a.csv", $"x,id\n{rows}"), categories: ["id"])));
        Datasets.Csv(
            Write("a.csv", $"x,id\n{rows.Replace("p10", "p9", StringComparison.Ordinal)}"), categories: ["id"])
            .Dispose();
        Assert.Contains(
            "at least 2 categories in column 2 ('id'), got 'a' alone",
            Message(() => Datasets.Csv(Write("a.csv", "x,id\n1,a\n2,a\n3,a\n"), categories: ["id"])));
        var many = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i % 10_001}\n"));
        Assert.Contains(
            "at most 10000 categories in column 1 of 30000 rows, got 10001",
            Message(() => Datasets.Csv(Write("a.csv", many), categories: ["1"])));
    }

    [Fact]
    public void A_context_of_categories_is_one_hot()
    {
        var path = Write("a.csv", People);
        using var table = TableFile.Read(path, ["age"], ["city"], categories: ["city"]);
        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0], Values(table.Context!));
        using var set = Datasets.Open($"{path}?target=age&context=city&category=city");
        Assert.Equal([3L], set.Context!.Shape);
        Assert.Equal(["city=Berlin", "city=Paris", "city=Rome"], set.Context.Columns!);
        Assert.Equal([new("city") { Categories = ["Berlin", "Paris", "Rome"] }], set.Context.Schema!);
        Assert.Equal([new("age")], set.Schema!);

        // Other rows under the same columns.
        using var other = TableFile.Read(Write("b.csv", "city,age\nRome,4\n"), set.Schema!, set.Context.Schema);
        Assert.Equal([0, 0, 1], Values(other.Context!));
    }

    [Fact]
    public void Words_that_say_nothing_are_refused()
    {
        var file = Write("a.csv", People);
        Assert.Equal(
            "a.csv: expected columns of items or contexts under category= and missing= (categories and missing in "
            + "code), got column 2 ('city'); name it under target= as well, or leave it out.",
            Message(() => Datasets.Csv(file, targets: ["age"], categories: ["city"])));
        Assert.Contains(
            "expected columns of different names, got 'x' twice",
            Message(() => Datasets.Csv(Write("b.csv", "x,x\n1,2\n2,3\n"), targets: ["x"])));
        File.WriteAllBytes(At("c.csv"), [.. "city,n\nZ"u8, 0xFC, .. "r,1\nB,2\n"u8]);
        Assert.Equal(
            "c.csv: expected text in UTF-8 in row 2, got 'Z\uFFFDr'; save the table in UTF-8.",
            Message(() => Datasets.Csv(At("c.csv"), categories: ["city"])));
    }

    [Fact]
    public void What_is_no_number_may_be_a_category()
    {
        Assert.Equal(
            "a.csv: expected a finite number in row 2, column 2 ('city'), got 'Rome'; mend it, name the column under "
            + "category= (categories: in code) if it holds categories, leave it out (name the others as target), "
            + "or check header and separator.",
            Message(() => Datasets.Csv(Write("a.csv", People))));
        Assert.Equal(
            "a.csv: expected a column 'town', got the columns age, city, job.",
            Message(() => Datasets.Csv(At("a.csv"), categories: ["town"])));
    }

    [Theory]
    [InlineData("samples.csv")]
    [InlineData("samples.tsv")]
    public void Samples_are_written_in_words_and_read_again(string name)
    {
        IReadOnlyList<TableColumn> schema =
        [
            new("age") { MayBeMissing = true },
            new("a, \"b\"\n") { Categories = ["", "x, y", "\"z\"\t", "q"] },
            new("n"),
        ];
        var values = tensor([1.5f, 0, 0.1f, float.NaN, 1, -3, 3, 2, 4, float.NaN, 3, 1e-20f]).reshape(4, 3);
        TableFile.Write(At(name), schema, values);
        using var table = TableFile.Read(At(name), schema);
        Assert.Equal(Values(values), Values(table.Items));
        Assert.Equal(
            "Table: expected codes 0 to 3 of the categories of 'a, \"b\"\\u000A', got 1.5 in item 0.",
            Message(() => TableFile.Write(At(name), schema, full([1, 3], 1.5f))));
    }

    [Fact]
    public void A_column_alone_keeps_its_empty_rows()
    {
        IReadOnlyList<TableColumn>[] schemas =
        [
            [new("age") { MayBeMissing = true }], [new("job") { Categories = ["", "cook"] }],
        ];
        foreach (var (schema, empty) in schemas.Zip([float.NaN, 0f]))
        {
            var values = tensor([empty, 1, empty, 1, empty]).reshape(5, 1);
            TableFile.Write(At("a.csv"), schema, values);
            using var table = TableFile.Read(At("a.csv"), schema);
            Assert.Equal(Values(values), Values(table.Items));
        }
    }
}
