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
    public void Compositions_that_are_rounded_are_counted()
    {
        using (var flow = Flow.On(Shape.Vector(3), seed: 1).Then(~Bijector.To(Domain.Simplex)).AffineCoupling(4)
            .Into(Distribution.StandardNormal))
        {
            flow.Save(At("shares.safetensors"));
        }

        // Two digits: 0.33 + 0.33 + 0.33 is not 1.
        var random = new Random(3);
        var rows = Enumerable.Range(0, 50).Select(_ =>
        {
            var (a, b) = (0.1 + (0.3 * random.NextDouble()), 0.1 + (0.3 * random.NextDouble()));
            return FormattableString.Invariant($"{a:F2},{b:F2},{1 - a - b:F2}");
        });
        File.WriteAllText(At("shares.csv"), $"a,b,c\n{string.Join('\n', rows)}\n");
        var check = Line("check", At("shares.safetensors"), "--data", At("shares.csv"));
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Matches(@"\d+ of 50 items lie outside the support Simplex of the flow", check.Output);
        Assert.Contains("divide them by their sum or length", check.Output, StringComparison.Ordinal);
        var score = Line("score", At("shares.safetensors"), "--data", At("shares.csv"), "--out", At("s.csv"));
        Assert.Contains("outside the support", score.Output, StringComparison.Ordinal);
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
