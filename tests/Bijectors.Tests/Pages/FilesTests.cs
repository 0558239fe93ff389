using Bijectors.Data;
using Bijectors.Tests.Data;

namespace Bijectors.Tests.Pages;

/// <summary>What docs/files.md says of tables.</summary>
public sealed class FilesTests : FolderTest
{
    [Fact]
    public void Other_rows_get_the_codes_of_a_schema_and_become_words_again()
    {
        var (table, more, words) = (
            Write("a.csv", "age,city\n31,Rome\n,Berlin\n47,Rome\n"), Write("b.csv", "city,age\nRome,NA\nBerlin,4\n"),
            At("words.csv"));
        using var people = Datasets.Open($"csv:{table}?target=age,city&category=city&missing=age");
        using var others = TableFile.Read(more, people.Schema!);            // the same codes
        TableFile.Write(words, people.Schema!, others.Items);               // Rome in the place of 1
        Assert.Equal([float.NaN, 1, 4, 0], Values(others.Items));
        Assert.Equal(["age,city", ",Rome", "4,Berlin"], File.ReadAllLines(words));
    }

    [Fact]
    public void A_table_in_memory_goes_from_one_format_to_another()
    {
        var (file, arrow) = (At("a.parquet"), At("a.arrow"));
        new Table(
            new TableSeries("age", [31, double.NaN, 47, 20]),
            new TableSeries("city", ["Rome", "Berlin", "Rome", "Rome"]))
            .WriteParquet(file);
        var rows = Table.ReadParquet(file, ["age", "city"]);
        using var data = Datasets.FromTable("people", rows, missing: ["age"]);
        Table.Of(data.Schema!, data.Train).WriteArrow(arrow);
        Assert.Equal(2, Table.ReadArrow(arrow).Rows);
    }
}
