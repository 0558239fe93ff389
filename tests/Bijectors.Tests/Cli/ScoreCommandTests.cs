using System.Globalization;
using System.Text.Json.Nodes;
using Bijectors.Data;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

/// <summary>What <c>bijectors score</c> says of rows: quantiles and attributions, in tables, arrays and JSON.</summary>
public sealed class ScoreCommandTests : CommandLineTest
{
    private static readonly string[] s_all = ["--quantile", "--attribution"];

    [Fact]
    public void Attributions_of_a_table_add_up_to_its_log_densities()
    {
        var random = new Random(1);
        File.WriteAllText(At("t.csv"), "a,b\n" + string.Join('\n', Enumerable.Range(0, 60).Select(_ =>
            FormattableString.Invariant($"{random.NextDouble():F4},{random.NextDouble():F4}"))));
        Done("train", "--model", "nsf", "--data", At("t.csv"), "--set", "hidden=4", "--steps", "3", "--layers", "0",
            "--out", At("m.safetensors"));
        Done(["score", At("m.safetensors"), "--data", At("t.csv"), "--out", At("s.csv"), .. s_all,
            "--attribution-parts", "3"]);
        var rows = File.ReadAllLines(At("s.csv")).Select(line => line.Split(',')).ToList();
        Assert.Equal(
            ["a", "b", "log_prob", "quantile", "baseline_log_prob", "attribution_a", "attribution_b"], rows[0]);
        using var saved = SavedModel.Load(At("m.safetensors"));
        Assert.Equal(6, saved.LogDensities!.Count);
        foreach (var row in rows.Skip(1).Select(row => row.Select(Number).ToArray()))
        {
            Assert.Equal(row[2], row[4] + row[5] + row[6], 1e-9);
            Assert.Equal(saved.LogDensities.Count(value => value < row[2]) / 6.0, row[3]);
        }
    }

    [Fact]
    public void Attributions_of_independent_entries_are_those_of_each_alone()
    {
        using (var flow = Flow.On(Shape.Vector(3)).Into(Distribution.StandardNormal))
        {
            new SavedModel(flow) { Center = [0.5, -1, 2] }.Save(At("m.safetensors"));
        }

        Npy.Write(At("x.npy"), tensor([1.5, 0, 2, -3, 1, 4], [2, 3]));
        Done("score", At("m.safetensors"), "--data", At("x.npy"), "--out", At("s.json"), "--attribution");
        var rows = JsonNode.Parse(File.ReadAllText(At("s.json")))!["rows"]!.AsArray();
        double[][] expected =
        [
            [((0.5 * 0.5) - (1.5 * 1.5)) / 2, (1 - 0) / 2.0, 0],
            [((0.5 * 0.5) - (3 * 3)) / 2, (1 - 1) / 2.0, (4 - 16) / 2.0],
        ];
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(expected[i][j], (double)rows[i]![2 + j]!, 1e-5);
            }
        }

        Assert.Contains("keeps log-densities of its validation items, got Flow without", Failure(
            1, "score", At("m.safetensors"), "--data", At("x.npy"), "--out", At("s.npy"), "--quantile"));
    }

    [Fact]
    public void Attributions_of_levels_add_up_over_the_same_noise()
    {
        Done("train", "--model", "maf", "--data", TinyImages(), "--set", "hidden=8", "--steps", "3", "--layers", "0",
            "--out", At("m.safetensors"));
        Done(["score", At("m.safetensors"), "--data", At("tiny.npy"), "--out", At("s.npy"), .. s_all, "--draws", "2",
            "--attribution-parts", "4"]);
        using var scores = Npy.Read(At("s.npy"));
        Assert.Equal([60, 3 + 16], scores.shape);
        using var sum = scores.narrow(1, 2, 17).sum(1);
        using var off = (sum - scores.select(1, 0)).abs().max();
        Assert.InRange(off.item<double>(), 0, 1e-3);
        Done("score", At("m.safetensors"), "--data", At("tiny.npy"), "--out", At("log.npy"));
        using var alone = Npy.Read(At("log.npy"));
        Assert.Equal([60], alone.shape);
    }

    [Fact]
    public void Rows_outside_the_support_have_no_attributions_and_the_lowest_quantile()
    {
        using (var flow = Flow.On(Shape.Vector(2)).Then(new Log()).Into(Distribution.StandardNormal))
        {
            new SavedModel(flow) { Center = [1, 1], LogDensities = [-5, -3, -2] }.Save(At("m.safetensors"));
        }

        Npy.Write(At("x.npy"), tensor([1f, 1, -1, 1], [2, 2]));
        var run = Line(["score", At("m.safetensors"), "--data", At("x.npy"), "--out", At("s.csv"), .. s_all]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("1 rows have none, since they are outside the support", run.Output);
        var rows = File.ReadAllLines(At("s.csv"));
        Assert.Equal("log_prob,quantile,baseline_log_prob,attribution_1,attribution_2", rows[0]);
        Assert.StartsWith("-1.83787", rows[1]);
        Assert.Equal("1", rows[1].Split(',')[1]);
        Assert.StartsWith("-inf,0,-1.83787", rows[2]);
        Assert.EndsWith(",nan,nan", rows[2]);
    }

    [Fact]
    public void What_a_model_cannot_say_is_refused_before_anything_is_scored()
    {
        using (var flow = Flow.On(Shape.Vector(3)).Into(Distribution.StandardNormal))
        {
            flow.Save(At("m.safetensors"));
        }

        string[] score = ["score", At("m.safetensors"), "--data", TinyVectors(), "--out"];
        Assert.Contains("keeps the mean of its training items", Failure(1, [.. score, At("s.npy"), "--attribution"]));
        Assert.Contains(
            "expected a file ending in .npy, .json, .csv, .tsv, .parquet, .arrow or .feather, got '.gif'",
            Failure(1, [.. score, At("s.gif")]));
        using (var flow = Flow.On(Shape.Vector(3)).Into(Distribution.StandardNormal))
        {
            new SavedModel(flow) { Center = [1, 2] }.Save(At("m.safetensors"));
        }

        Assert.Contains("expected a mean of 3 numbers", Failure(1, [.. score, At("s.npy"), "--attribution"]));
        Assert.False(File.Exists(At("s.npy")));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void Done(params string[] line)
    {
        var run = Line(line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }
}
