using Bijectors.Data;
using Bijectors.Zoo;
using TorchSharp;

namespace Bijectors.Tests.Cli;

/// <summary>
/// A conditional density of a table from the command line: trained, scored, sampled, each by a command of its own.
/// </summary>
public sealed class ConditionalCommandTests : CommandLineTest
{
    private string Table()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(i =>
        {
            var (a, b) = (random.NextDouble(), 100 * random.NextDouble());
            var y = (3 * a) + (b / 50) + (0.1 * (random.NextDouble() - 0.5));
            return FormattableString.Invariant($"row {i},{a:F4},{y:F4},{b:F3}");
        });
        return Write("t.csv", $"name,a,y,b\n{string.Join('\n', rows)}\n");
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    [Fact]
    public void A_conditional_density_is_trained_scored_and_sampled()
    {
        var model = At("m.safetensors");
        var train = Line(
            "train", "--model", "maf", "--data", $"csv:{Table()}?target=y&context=a,b", "--set", "hidden=16",
            "--epochs", "20", "--out", model);
        Assert.Equal((0, ""), (train.ExitCode, train.Error));
        Assert.Contains("given (2)", train.Output);
        using (var saved = SavedModel.Load(model))
        {
            Assert.Equal(Shape.Vector(2), saved.Flow.ContextShape);
            Assert.Equal(["y"], saved.Columns!);
            Assert.Equal(["a", "b"], saved.ContextColumns!);
        }

        // Columns are found by their names, whatever their order, and what is not read stays as it is.
        var rows = Write("new.csv", "b,y,who,a\n50,2.5,\"x, y\",0.5\n50,9.5,z,0.5\n");
        Assert.Equal(0, Line("score", model, "--data", rows, "--out", At("s.csv")).ExitCode);
        var lines = File.ReadAllLines(At("s.csv"));
        Assert.Equal("b,y,who,a,log_prob", lines[0]);
        Assert.StartsWith("50,2.5,\"x, y\",0.5,", lines[1], StringComparison.Ordinal);
        Assert.True(Last(lines[1]) > Last(lines[2]) + 2);

        Assert.Equal(0, Line("sample", model, "--context", "0.5,50", "--count", "50", "--out", At("x.csv")).ExitCode);
        using (var samples = TableFile.Read(At("x.csv"), ["y"], ["a", "b"]))
        {
            Assert.Equal(50, samples.Items.shape[0]);
            Assert.InRange(samples.Items.mean().ToDouble(), 1.5, 3.5);
        }

        // Each row of a file is a context.
        Assert.Equal(0, Line("sample", model, "--context", rows, "--count", "3", "--out", At("x.npy")).ExitCode);
        using (var samples = Npy.Read(At("x.npy")))
        {
            Assert.Equal([6, 1], samples.shape);
        }

        Assert.Contains("expected a context (2) (a, b), got none", Failure(1, "sample", model, "--out", At("x.npy")));
        Assert.Contains(
            "expected 2 numbers (a, b), got 1", Failure(1, "sample", model, "--context", "3", "--out", At("x.npy")));
        Assert.Contains("got the columns y",
            Failure(1, "score", model, "--data", Write("no.csv", "y\n1\n2\n"), "--out", At("s.csv")));
        Assert.Contains(
            "ending in .npy, .json, .csv", Failure(1, "score", model, "--data", rows, "--out", At("s.png")));
        Assert.Equal(0, Line("check", model).ExitCode);

        static double Last(string line) =>
            double.Parse(line.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Models_are_compared_on_conditional_data()
    {
        var run = Line(
            "compare", "--models", "realnvp,maf", "--data", $"csv:{Table()}?target=y,a&context=b", "--steps", "5",
            "--parameters", "3000", "--out", At("compare"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(File.Exists(At("compare/report.html")));
    }

    [Fact]
    public void Arrays_are_scored_row_by_row()
    {
        var model = At("m.safetensors");
        Assert.Equal(0,
            Line("train", "--model", "maf", "--data", "digits?context=label", "--steps", "2", "--out", model).ExitCode);
        using var images = TorchSharp.torch.zeros(3, 1, 8, 8);
        using var labels = TorchSharp.torch.eye(10).narrow(0, 0, 3).contiguous();
        Npy.Write(At("i.npy"), images);
        Npy.Write(At("c.npy"), labels);
        var score = Line("score", model, "--data", At("i.npy"), "--context", At("c.npy"), "--out", At("s.npy"));
        Assert.Equal((0, ""), (score.ExitCode, score.Error));
        using var scores = Npy.Read(At("s.npy"));
        Assert.Equal([3], scores.shape);
        Assert.Contains("expected a context (10) for each row",
            Failure(1, "score", model, "--data", At("i.npy"), "--out", At("s.npy")));
    }
}
