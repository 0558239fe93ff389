using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>Tables in memory.</summary>
public sealed class TableTests : FolderTest
{
    private static readonly string?[] s_cities = ["Rome", "Berlin", "Rome", null, "Rome", "Berlin"];

    private static Table People => new(
        new TableSeries("age", [31, 25, double.NaN, 52, 40, 18]),
        new TableSeries("city", s_cities),
        new TableSeries("rooms", [1, 3, 2, 1, 1, 10.0]));

    [Fact]
    public void Texts_are_categories_by_themselves_and_numbers_where_it_is_said()
    {
        using var set = Datasets.FromTable(
            "people", People, categories: ["rooms"], missing: ["age", "city"], split: Split.Sizes(6, 0, 0));
        Assert.Equal(
            [
                new("age") { MayBeMissing = true },
                new("city") { Categories = ["", "Berlin", "Rome"] },
                new("rooms") { Categories = ["1", "2", "3", "10"] },
            ],
            set.Schema!);
        var rooms = Table.Of(set.Schema!, set.Train)["rooms"];
        Assert.Equal(["1", "1", "1", "10", "2", "3"], rooms.Texts!.Order(StringComparer.Ordinal));
        using var given = Datasets.FromTable("people", People, ["rooms"], ["city"], missing: ["city"]);
        Assert.Equal(["city=", "city=Berlin", "city=Rome"], given.Context!.Columns!);
    }

    [Fact]
    public void A_value_that_is_missing_or_another_kind_is_named()
    {
        Assert.Equal(
            "people: expected a finite number in row 3, column 1 ('age'), got none; fill the cell, name the column "
            + "under missing= (missing: in code), or leave the row or the column out.",
            Message(() => Datasets.FromTable("people", People, ["age"])));
        Assert.Contains("a category in row 4, column 2 ('city')", Message(() => Datasets.FromTable(
            "people", People, ["city"])));
        Assert.Equal(
            "people: expected numbers in column 2 ('city'), as its schema says, got texts.",
            Message(() => Datasets.FromTable("people", People, schema: [new("city")])));
        Assert.Contains(
            "expected a column 'name', got the columns age, city, rooms",
            Message(() => Datasets.FromTable("people", People, ["name"])));
        Assert.Equal(
            "people: expected a finite number in row 1, column 1 ('x'), got Infinity.",
            Message(() => Datasets.FromTable("people", new Table(new TableSeries("x", [double.PositiveInfinity, 1])))));
        Assert.Equal(
            "people: expected rows, got none.",
            Message(() => Datasets.FromTable("people", new Table(new TableSeries("x", Array.Empty<double>())))));
    }

    [Fact]
    public void A_table_is_its_columns()
    {
        Assert.Equal("6 rows: age (numbers), city (texts), rooms (numbers)", People.ToString());
        Assert.Contains("expected one of the columns age, city, rooms, got 'x'", Message(() => _ = People["x"]));
        Assert.Equal(
            "Table: expected 1 rows in column 'b' as in 'a', got 2.",
            Message(() => new Table(new TableSeries("a", [1.0]), new TableSeries("b", [1.0, 2.0]))));
        Assert.Equal(
            "Table: expected each column once, got 'a' twice; rename one.",
            Message(() => new Table(new TableSeries("a", [1.0]), new TableSeries("a", [1.0]))));
        Assert.Equal("Table: expected at least one column, got none.", Message(() => new Table()));
    }

    [Fact]
    public void Items_become_a_table_of_words()
    {
        IReadOnlyList<TableColumn> schema =
            [new("age") { MayBeMissing = true }, new("city") { Categories = ["Berlin", "Rome"] }];
        var table = Table.Of(schema, tensor([float.NaN, 1, 3, 0]).reshape(2, 2));
        Assert.Equal([double.NaN, 3], table["age"].Numbers!);
        Assert.Equal(["Rome", "Berlin"], table["city"].Texts!);
        Assert.Equal(
            "Table: expected rows of 2 numbers, one for each column, got (2, 3).",
            Message(() => Table.Of(schema, zeros(2, 3))));
        foreach (var bad in new[] { float.NaN, -1, 2, 0.5f })
        {
            Assert.Contains(
                "codes 0 to 1 of the categories of 'city'",
                Message(() => Table.Of(schema, tensor([1, bad]).reshape(1, 2))));
        }
    }
}
