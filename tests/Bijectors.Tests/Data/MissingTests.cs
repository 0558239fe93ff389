using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>Cells without a number.</summary>
public sealed class MissingTests : FolderTest
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("NA")]
    [InlineData("n/a")]
    [InlineData("NaN")]
    [InlineData("null")]
    public void A_number_may_be_missing_where_it_is_said(string cell)
    {
        var path = Write("a.csv", $"x,y\n1,2\n2,{cell}\n3,4\n");
        using var table = TableFile.Read(path, missing: ["y"]);
        Assert.Equal([1, 2, 2, float.NaN, 3, 4], Values(table.Items));
        Assert.Equal([new("x"), new("y") { MayBeMissing = true }], table.Schema!);
        using var set = Datasets.Open($"{path}?missing=y");
        Assert.Equal(table.Schema!, set.Schema!);
        Assert.Equal(
            $"a.csv: expected a finite number in row 3, column 2 ('y'), got '{cell}'; fill the cell, name the column "
            + "under missing= (missing: in code), or leave the row or the column out.",
            Message(() => Datasets.Csv(path)));
        Assert.Contains(
            "in which none may be missing, got column 2 ('y')",
            Message(() => Datasets.Open($"{path}?context=y&missing=y")));
        Assert.EndsWith(
            $"got '{cell}'; fill the cell, or leave the row or the column out.",
            Message(() => Datasets.Open($"{path}?context=y")));
    }

    [Fact]
    public void What_is_no_number_is_not_missing()
    {
        var path = Write("a.csv", "x,y\n1,2\n2,-\n3,4\n");
        Assert.Contains("in row 3, column 2 ('y'), got '-'", Message(() => Datasets.Csv(path, missing: ["y"])));
    }

    [Fact]
    public void Spread_is_that_of_the_numbers_there_are()
    {
        var far = string.Concat(Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? $"{i},\n" : $"{i},{1e9 + i}\n"));
        using (var set = Datasets.Csv(Write("a.csv", $"x,y\n{far}"), missing: ["y"]))
        {
            Assert.StartsWith("a.csv: the numbers of column 2 ('y') are 1E+09 on average", Assert.Single(set.Warnings));
        }

        Assert.StartsWith(
            "a.csv: expected numbers that differ in column 2 ('y'), got 7 in each row with one",
            Message(() => Datasets.Csv(Write("a.csv", "x,y\n1,7\n2,\n3,7\n"), missing: ["y"])));
        Assert.StartsWith(
            "a.csv: expected numbers in column 2 ('y'), got none in any row; leave the column out",
            Message(() => Datasets.Csv(Write("a.csv", "x,y\n1,NA\n2,\n3,nan\n"), missing: ["y"])));
    }

    [Fact]
    public void A_data_set_holds_what_its_schema_says()
    {
        var (train, rest) = (tensor([1f, 0, float.NaN, 1]).reshape(2, 2), zeros(0, 2));
        IReadOnlyList<TableColumn> schema = [new("x") { MayBeMissing = true }, new("c") { Categories = ["a", "b"] }];
        using (var set = new Dataset("mine", null, train.clone(), rest.clone(), rest.clone(), schema: schema))
        {
            Assert.Equal(["x", "c"], set.Columns!);
            Assert.Equal(schema, set.Schema!);
        }

        string Refusal(Tensor items, params TableColumn[] columns) =>
            Message(() => new Dataset("mine", null, items, rest, rest, schema: columns));
        Assert.Equal(
            "mine, training: expected finite values, got NaN or infinity in item 1; drop it or fill it in.",
            Refusal(train, new TableColumn("x"), schema[1]));
        Assert.Equal(
            "mine, training: expected finite values, got NaN or infinity in item 0; drop it or fill it in.",
            Refusal(tensor([float.PositiveInfinity, 0]).reshape(1, 2), [.. schema]));
        foreach (var bad in new[] { -1, 2, 0.5f })
        {
            Assert.Equal(
                "mine, training, column 'c': expected integers 0..1 (the codes of 2 categories), got "
                    + FormattableString.Invariant($"{bad} in item 0."),
                Refusal(tensor([1, bad]).reshape(1, 2), [.. schema]));
        }

        Assert.Equal("mine: expected a name for each of 2 columns, got 1 names.", Refusal(train, schema[0]));
        Assert.Contains("2 to 10000 categories", Refusal(train, schema[0], new("c") { Categories = ["a"] }));
        Assert.Contains("once, got one twice", Refusal(train, schema[0], new("c") { Categories = ["a", "a"] }));
        Assert.Contains(
            "give it a category with an empty name",
            Refusal(train, schema[0], new("c") { Categories = ["a", "b"], MayBeMissing = true }));
    }

    [Fact]
    public void Columns_are_equal_where_all_they_say_is()
    {
        TableColumn column = new("c") { Categories = ["a", "b"] };
        Assert.Equal(column, new("c") { Categories = new List<string> { "a", "b" } });
        Assert.Equal(column.GetHashCode(), new TableColumn("c") { Categories = ["a", "b"] }.GetHashCode());
        Assert.NotEqual(column, column with { Categories = ["b", "a"] });
        Assert.NotEqual(column, column with { Categories = null });
        Assert.NotEqual(new("c"), new TableColumn("c") { MayBeMissing = true });
        Assert.Equal("c (2 categories)", column.ToString());
    }
}
