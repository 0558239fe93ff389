using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

/// <summary>Noise and missing contexts in training, and samples without noise or guided.</summary>
public sealed class NoiseCommandTests : CommandLineTest
{
    [Fact]
    public void Noise_is_in_the_unit_of_the_paper_is_saved_and_taken_off()
    {
        var images = TinyImages();
        var trained = Line("train", "--data", images, "--model", "tarflow", "--set", "centred=true", "--steps", "5",
            "--noise", "0.1", "--out", At("m.safetensors"));
        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        // Of 256 levels in [-1, 1] a tenth is 12.8.
        Assert.Contains("of items with noise of deviation 12.8", trained.Output);
        using (var saved = SavedModel.Load(At("m.safetensors")))
        {
            Assert.Equal(12.8, saved.Noise, 1e-12);
        }

        string[] sample = ["sample", At("m.safetensors"), "--count", "4", "--out"];
        Assert.Equal(0, Line([.. sample, At("a.npy"), "--denoise"]).ExitCode);
        Assert.Equal(0, Line([.. sample, At("b.npy")]).ExitCode);
        Assert.NotEmpty(File.ReadAllBytes(At("a.npy")));
    }

    [Fact]
    public void Samples_are_guided_by_their_context_or_have_none()
    {
        var table = At("t.csv");
        File.WriteAllLines(table, Enumerable.Range(0, 60)
            .Select(i => FormattableString.Invariant($"{i % 7 / 7.0},{i % 2},{Math.Sin(i)}")).Prepend("a,c,b"));
        var trained = Line("train", "--data", $"csv:{table}?context=c", "--model", "maf", "--steps", "5",
            "--context-dropout", "0.2", "--out", At("m.safetensors"));
        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        string[] sample = ["sample", At("m.safetensors"), "--count", "3", "--context"];
        string[] of = [.. new[] { "0", "1", "2" }.Select(weight =>
        {
            Assert.Equal(0, Line([.. sample, "1", "--guidance", weight, "--out", At($"{weight}.csv")]).ExitCode);
            return File.ReadAllText(At($"{weight}.csv"));
        })];
        Assert.Equal(0, Line([.. sample, "1", "--out", At("plain.csv")]).ExitCode);
        Assert.Equal(File.ReadAllText(At("plain.csv")), of[0]);
        Assert.Equal(3, of.Distinct().Count());
        Assert.Equal(0, Line([.. sample, "none", "--out", At("none.csv")]).ExitCode);
        Assert.NotEqual(of[0], File.ReadAllText(At("none.csv")));

        Line("train", "--data", $"csv:{table}?context=c", "--model", "maf", "--steps", "2", "--out", At("n.st"));
        Assert.Contains("--guidance: Guided: expected a flow whose context may be missing", Failure(
            1, "sample", At("n.st"), "--context", "1", "--guidance", "1", "--out", At("a.csv")));
        Assert.Contains("--context-dropout: expected data that are given a context", Failure(
            1, "train", "--data", "moons", "--model", "maf", "--steps", "2", "--context-dropout", "0.1",
            "--out", At("o.st")));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var images = TinyImages();
        Assert.Contains("all reals", Failure(
            1, "train", "--data", images, "--model", "tarflow", "--steps", "2", "--noise", "0.1", "--out", At("m.st")));
        Assert.Equal(0, Line(
            "train", "--data", images, "--model", "tarflow", "--steps", "2", "--out", At("n.safetensors")).ExitCode);
        Assert.Contains("--denoise: expected a model that was trained with noise", Failure(
            1, "sample", At("n.safetensors"), "--denoise", "--out", At("a.npy")));
    }
}
