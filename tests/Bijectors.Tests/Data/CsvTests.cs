using System.IO.Compression;
using System.Text;
using Bijectors.Data;
using Xunit;

namespace Bijectors.Tests.Data;

public sealed class CsvTests : FolderTest
{
    [Theory]
    [InlineData("a.csv", "1,2\n3,4\n5,6.5e0\n")]
    [InlineData("a.csv", "x,y\n1,2\n3,4\n5,6.5\n")]
    [InlineData("a.csv", "\"the x\",\"the y\"\r\n1,\"2\"\r\n\r\n3,4\r\n5, 6.5")]
    [InlineData("a.csv", "\uFEFFx;y\n1;2\n3;4\n5;6.5\n")]
    [InlineData("a.tsv", "1\t2\n3\t4\n5\t6.5\n")]
    public void A_table_is_read_with_or_without_names_whatever_its_separator(string name, string text)
    {
        using var set = Datasets.Csv(Write(name, text));
        Assert.Equal($"{name}: 1 + 1 + 1 items (2), continuous", set.ToString());
        Assert.Equal([1, 2, 3, 4, 5, 6.5f], AllSorted(set));
        Assert.InRange((set.Train[0, 1] - set.Train[0, 0]).item<float>(), 1, 1.5f);
    }

    [Fact]
    public void A_first_line_of_numbers_is_names_only_if_one_says_so()
    {
        var path = Write("a.csv", "0,1\n1,2\n3,4\n5,6\n");
        using var with = Datasets.Csv(path, header: true, split: Split.Fractions(1, 0, 0));
        Assert.Equal(3, with.Train.shape[0]);
        using var without = Datasets.Csv(path, split: Split.Fractions(1, 0, 0));
        Assert.Equal(4, without.Train.shape[0]);
        Assert.Equal(
            "b.csv: expected a finite number in row 1, column 1, got 'x'; mend it, "
            + "name the column under category= (categories: in code) if it holds categories, "
            + "leave it out (name the others as target), or check header and separator.",
            Message(() => Datasets.Csv(Write("b.csv", "x,y\n1,2\n"), header: false)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_column_may_hold_labels(int column)
    {
        var path = Write("a.csv", "x,y,class\n10,20,1\n20,30,2\n30,40,3\n40,50,4\n");
        using var set = Datasets.Csv(path, labelColumn: column, split: Split.Sizes(2, 1, 1));
        Assert.Equal([2L], set.ItemShape);
        Assert.Equal(Values(set.Train[.., 0]), Values(10 * set.TrainLabels!.to(TorchSharp.torch.float32)));
        Assert.Equal(
            "a.csv: expected an integer label in row 2, column 1 ('x'), got '1.5'; mend it, "
            + "or check header and separator.",
            Message(() => Datasets.Csv(Write("a.csv", "x,y\n1.5,2\n"), labelColumn: 0)));
        Assert.Equal(
            "a.csv: expected a label column from -2 to 1, got 2.",
            Message(() => Datasets.Csv(Write("a.csv", "x,y\n1.5,2\n"), labelColumn: 2)));
    }

    [Fact]
    public void A_packed_table_is_unpacked_and_a_seed_repeats_its_split()
    {
        using (var stream = new GZipStream(File.Create(At("a.csv.gz")), CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}\n"))));
        }

        using var first = Datasets.Csv(At("a.csv.gz"), seed: 1);
        using var again = Datasets.Csv(At("a.csv.gz"), seed: 1);
        using var other = Datasets.Csv(At("a.csv.gz"), seed: 2);
        Assert.Equal("a.csv.gz: 80 + 10 + 10 items (1), continuous", first.ToString());
        Assert.True(first.Train.Equals(again.Train));
        Assert.False(first.Train.Equals(other.Train));
    }

    [Theory]
    [InlineData("x,y\n1,2\n\n3,abc\n", "a finite number in row 4, column 2 ('y'), got 'abc'")]
    [InlineData("1,2\n3,\n", "a finite number in row 2, column 2, got ''")]
    [InlineData("1,2\nNaN,4\n", "a finite number in row 2, column 1, got 'NaN'")]
    [InlineData("1,2\n3,1e39\n", "a finite number in row 2, column 2, got '1e39'")]
    [InlineData("1,y\n3,4\n", "a finite number in row 1, column 2, got 'y'")]
    [InlineData("1,2\n3,4,5\n", "2 cells in row 2 as in the first, got 3; mend the row")]
    [InlineData("1,2\n3\n", "2 cells in row 2 as in the first, got 1; mend the row")]
    [InlineData("x,y\n", "rows of numbers, got none")]
    [InlineData("\n", "rows of numbers, got an empty file")]
    [InlineData("1,2\n3,\"4\n5,6\n", "cells with paired quotes, got a badly quoted one in row 2; mend it")]
    [InlineData("1,2\n3,4\n", "enough items for a split into fractions 0.8, 0.1 and 0.1, got 2; ask for smaller parts")]
    public void What_is_wrong_is_named_with_its_place(string text, string expected)
    {
        var advice = !expected.Contains("finite") ? ""
            : expected.EndsWith("''", StringComparison.Ordinal) || expected.EndsWith("'NaN'", StringComparison.Ordinal)
                ? "; fill the cell, name the column under missing= (missing: in code), "
                    + "or leave the row or the column out"
            : "; mend it, name the column under category= (categories: in code) if it holds categories, "
                + "leave it out (name the others as target), or check header and separator";
        Assert.Equal($"a.csv: expected {expected}{advice}.", Message(() => Datasets.Csv(Write("a.csv", text))));
    }

    [Theory]
    [InlineData("x;y\n1,5;2\n2,5;3\n",
        "a finite number in row 2, column 1 ('x'), got '1,5'; write decimals with a point, as 1.5")]
    [InlineData("x,y\n1,7\n2,7\n3,7\n", "numbers that differ in column 2 ('y'), got 7 in each row, "
        + "to the seven digits of float32, which has no density; subtract what large numbers have in common, "
        + "or leave the column out: name the others as target")]
    public void What_is_wrong_with_the_data_is_said_of_the_data(string text, string expected)
        => Assert.Equal($"a.csv: expected {expected}.", Message(() => Datasets.Csv(Write("a.csv", text))));

    [Fact]
    public void Columns_are_items_or_what_items_are_given_or_are_not_read()
    {
        var path = Write("a.csv", "id,x,y,note,z\n1,10,20,a,5\n2,20,30,b,5\n3,30,40,c,5\n4,40,50,,5\n");
        using var set = Datasets.Open($"csv:{path}?target=y&context=x,5");
        Assert.Equal([1L], set.ItemShape);
        Assert.Equal([2L], set.Context!.Shape);
        Assert.Equal(["y"], set.Columns!);
        Assert.Equal(["x", "z"], set.Context.Columns!);
        Assert.Equal(Values(set.Train[.., 0]), Values(set.Context.Train[.., 0] + 10));
        Assert.EndsWith("continuous, given (2)", set.ToString(), StringComparison.Ordinal);

        // Without targets, all that is left is the item.
        var rest = Write("b.csv", "x,y,z\n1,2,5\n2,3,6\n3,4,8\n4,4,8\n");
        using var others = Datasets.Open($"{rest}?context=z");
        Assert.Equal(["x", "y"], others.Columns!);
    }

    [Theory]
    [InlineData("?target=w", "a column 'w', got the columns x, y")]
    [InlineData("?target=x&context=1", "each column once, as target, as context or as label, got column 1 ('x') twice")]
    [InlineData("?context=x,y", "a column for the items beside those of the context, got none")]
    public void Columns_that_are_not_there_are_named(string query, string expected)
    {
        var path = Write("a.csv", "x,y\n1,2\n2,3\n3,5\n");
        Assert.Equal($"a.csv: expected {expected}.", Message(() => Datasets.Open($"csv:{path}{query}")));
    }

    [Fact]
    public void The_class_of_an_image_may_be_given()
    {
        using var set = Datasets.Open("digits?context=label");
        Assert.Equal([10L], set.Context!.Shape);
        Assert.True(set.Context.Train.argmax(1).Equals(set.TrainLabels!));
        Assert.Contains(
            "target=COLUMNS, context=COLUMNS, category=COLUMNS or missing=COLUMNS behind",
            Message(() => Datasets.Open("digits?colour=red")));
        Assert.Contains("?context=label", Message(() => Datasets.Open("digits?context=size")));
        Assert.Contains("a class for each item", Message(() => Datasets.Open("checkerboard?context=label")));
    }

    [Fact]
    public void A_missing_file_is_named()
        => Assert.Equal(
            $"a.csv: expected the file '{At("a.csv")}', got none; check the path.",
            Message(() => Datasets.Csv(At("a.csv"))));
}
