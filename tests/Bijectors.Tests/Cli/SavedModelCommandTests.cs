using Bijectors.Data;
using Bijectors.Zoo;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

public sealed class SavedModelCommandTests : CommandLineTest
{
    [Fact]
    public void A_model_is_trained_described_checked_and_sampled()
    {
        var model = At("m.safetensors");
        var train = Line(
            "train", "--model", "realnvp", "--data", TinyVectors(), "--set", "couplings=2", "--set", "hidden=8",
            "--epochs", "2", "--out", model);
        Assert.Equal((0, ""), (train.ExitCode, train.Error));
        Assert.Contains("bits/dim", train.Output);
        using (var saved = SavedModel.Load(model))
        {
            Assert.Equal(new RealNvpOptions { Couplings = 2, Hidden = 8 }, saved.Options);
        }

        var describe = Line("describe", model);
        Assert.Equal(0, describe.ExitCode);
        Assert.Contains("couplings = 2", describe.Output);

        var check = Line("check", model);
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("RoundTrip", check.Output);
        Assert.Contains("at samples of its own", check.Output);
        Assert.Contains("64 points in float32", check.Output);
        Assert.Contains("transform.layers.0", check.Output);

        var atData = Line("check", model, "--data", TinyVectors());
        Assert.Equal((0, ""), (atData.ExitCode, atData.Error));
        Assert.Contains("8 points in float32", atData.Output);
        Assert.Contains("expected items (3), continuous, as the model takes them, got (1, 8, 8), 17 levels",
            Failure(1, "check", model, "--data", "digits"));

        var cold = Line("sample", model, "--count", "7", "--temperature", "0.1", "--out", At("cold.npy"));
        Assert.Equal((0, ""), (cold.ExitCode, cold.Error));
        var sample = Line("sample", model, "--count", "7", "--out", At("s.npy"));
        Assert.Equal(0, sample.ExitCode);
        using var numbers = Npy.Read(At("s.npy"));
        Assert.Equal([7, 3], numbers.shape);
    }

    [Fact]
    public void Images_are_sampled_as_a_grid_and_a_seed_repeats_them()
    {
        var model = At("m.safetensors");
        Assert.Equal(0, Line("train", "--model", "maf", "--steps", "2", "--out", model).ExitCode);
        Assert.Equal(0, Line("sample", model, "--count", "4", "--out", At("a.png")).ExitCode);
        Assert.Equal(0, Line("sample", model, "--count", "4", "--out", At("b.png")).ExitCode);
        Assert.Equal(0, Line("sample", model, "--count", "4", "--seed", "1", "--out", At("c.png")).ExitCode);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(At("a.png"))[..4]);
        Assert.Equal(File.ReadAllBytes(At("a.png")), File.ReadAllBytes(At("b.png")));
        Assert.NotEqual(File.ReadAllBytes(At("a.png")), File.ReadAllBytes(At("c.png")));
    }

    [Fact]
    public void Ctrl_c_saves_what_is_trained()
    {
        var run = Interrupted("train", "--model", "maf", "--data", TinyVectors(), "--seconds", "600", "--out", At("m"));
        Assert.Equal(130, run.ExitCode);
        SavedModel.Load(At("m")).Dispose();
    }

    [Fact]
    public void A_model_that_breaks_a_law_fails_the_check()
    {
        var kind = Models.Named("realnvp");
        using (var saved = new SavedModel(kind, kind.Defaults, kind.Create(Shape.Vector(2))))
        {
            using var ungraded = no_grad();
            saved.Flow.named_parameters()
                .First(entry => entry.name.EndsWith("logScale", StringComparison.Ordinal)).parameter.fill_(200);
            saved.Save(At("m"));
        }

        var check = Line("check", At("m"));
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("laws do not hold", check.Error);
        Assert.Contains("NO", check.Output);
    }

    [Fact]
    public void A_badly_conditioned_model_passes_the_check_with_a_warning()
    {
        var kind = Models.Named("maf");
        using (var saved = new SavedModel(kind, new MafOptions { Layers = 2, Hidden = 8 },
            kind.Create(Shape.Vector(3), new MafOptions { Layers = 2, Hidden = 8 })))
        {
            using var ungraded = no_grad();
            saved.Flow.named_parameters()
                .Last(entry => entry.name.EndsWith("logScale", StringComparison.Ordinal)).parameter[0].fill_(-14);
            saved.Save(At("m"));
        }

        var check = Line("check", At("m"));
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("a channel is scaled very far", check.Output);
    }

    [Fact]
    public void Named_models_are_described_with_their_options()
    {
        var run = Line("describe", "mixerflow", "--set", "layers=2");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("layers = 2", run.Output);
        Assert.Contains("AffineCoupling", run.Output);
    }

    [Fact]
    public void Points_cannot_be_drawn_as_images()
    {
        Assert.Equal(
            0, Line("train", "--model", "maf", "--data", TinyVectors(), "--steps", "1", "--out", At("m")).ExitCode);
        Assert.Contains("expected .npy for samples (3)", Failure(1, "sample", At("m"), "--out", At("s.png")));
        Assert.Contains(
            "expected a file ending in .png, .npy, .csv, .tsv", Failure(1, "sample", At("m"), "--out", At("s.gif")));
        Assert.False(File.Exists(At("s.png")));
    }

    [Fact]
    public void A_damaged_file_is_told_in_a_sentence()
    {
        File.WriteAllBytes(At("m"), [1, 2, 3]);
        foreach (var command in new[] { "sample", "describe", "check" })
        {
            Assert.Contains("the file is cut short", Failure(1, command, At("m")));
        }

        Assert.Contains("expected a file that can be read", Failure(1, "check", At("nothing")));
        Assert.Contains("or a saved file, found neither", Failure(1, "describe", At("nothing")));
    }
}
