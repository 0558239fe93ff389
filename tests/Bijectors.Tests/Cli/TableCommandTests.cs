using Bijectors.Data;

namespace Bijectors.Tests.Cli;

/// <summary>What the command line says of tables.</summary>
public sealed class TableCommandTests : CommandLineTest
{
    [Fact]
    public void A_table_is_trained_checked_sampled_and_scored_once()
    {
        var (model, table) = (Trained("", "name,a,b", offset: 0), At("t.csv"));

        // The columns of the model, beside others.
        var check = Line("check", model, "--data", table);
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("at t.csv", check.Output, StringComparison.Ordinal);

        Assert.Equal(0, Line("score", model, "--data", table, "--out", At("s.csv")).ExitCode);
        Assert.Contains(
            "expected a table without a column log_prob",
            Failure(1, "score", model, "--data", At("s.csv"), "--out", At("s2.csv")), StringComparison.Ordinal);

        var here = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(Folder);
            Assert.Contains("samples.csv", Line("sample", model, "--count", "3").Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.SetCurrentDirectory(here);
        }

        Assert.Equal("a,b", File.ReadLines(At("samples.csv")).First());
    }

    [Fact]
    public void A_column_far_from_zero_is_named()
    {
        Trained("csv:", "name,time,b", offset: 1_700_000_000);
        using var data = Datasets.Csv(At("t.csv"), targets: ["time", "b"]);
        var warning = Assert.Single(data.Warnings);
        Assert.StartsWith(
            "t.csv: the numbers of column 2 ('time') are 1.7E+09 on average", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_row_that_counts_up_is_doubted()
    {
        File.WriteAllText(At("n.csv"), "2019,2020,2021\n0.5,1.5,2\n3,1,0.2\n1,2,5\n4,4,1\n");
        using var data = Datasets.Csv(At("n.csv"), split: Split.Sizes(5, 0, 0));
        Assert.Contains(
            "the first row (2019, 2020, 2021) counts up", Assert.Single(data.Warnings), StringComparison.Ordinal);
        using var named = Datasets.Csv(At("n.csv"), header: true, split: Split.Sizes(4, 0, 0));
        Assert.Empty(named.Warnings);
    }

    private string Trained(string kind, string header, double offset)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 200).Select(i => FormattableString.Invariant(
            $"row {i},{offset + (4000 * random.NextDouble()):F3},{random.NextDouble():F4}"));
        File.WriteAllText(At("t.csv"), $"{header}\n{string.Join('\n', rows)}\n");
        var columns = string.Join(',', header.Split(',').Skip(1));
        var run = Line(
            "train", "--model", "maf", "--data", $"{kind}{At("t.csv")}?target={columns}", "--set", "hidden=8",
            "--steps", "5", "--out", At("m.safetensors"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(offset > 0, run.Output.Contains("Warning: t.csv", StringComparison.Ordinal));
        return At("m.safetensors");
    }
}
