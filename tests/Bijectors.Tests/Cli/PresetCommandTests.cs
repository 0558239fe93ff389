using System.Text.Json.Nodes;
using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

/// <summary>A preset is the options that it names, and nothing else.</summary>
public sealed class PresetCommandTests : CommandLineTest
{
    [Fact]
    public void A_model_trained_with_a_preset_is_the_file_of_its_options_spelled_out()
    {
        string[] train = ["train", "--data", TinyImages(), "--model", "realnvp", "--set", "levels=1", "--steps", "6",
            "--out"];
        var preset = Line([.. train, At("preset.st"), "--preset", "image"]);
        Assert.Equal((0, ""), (preset.ExitCode, preset.Error));
        var sets = Sets(preset.Output, "image");
        Assert.Equal("--learning-rate 0.02 --schedule one-cycle", sets);
        Assert.Equal(0, Line([.. train, At("spelled.st"), .. sets.Split(' ')]).ExitCode);
        Assert.Equal(0, Line([.. train, At("default.st")]).ExitCode);
        var bytes = File.ReadAllBytes(At("preset.st"));
        Assert.Equal(bytes, File.ReadAllBytes(At("spelled.st")));
        Assert.NotEqual(bytes, File.ReadAllBytes(At("default.st")));

        // What the file says of its training is a command line that gives the same file.
        using var saved = SavedModel.Load(At("preset.st"));
        Assert.Equal(
            "--steps 6 --batch 128 --learning-rate 0.02 --schedule one-cycle --optimizer adamw --weight-decay 0 "
                + "--clip 1 --ema 0",
            saved.Training);
        Assert.Equal(0, Line([.. train, At("again.st"), .. saved.Training.Split(' ')[2..]]).ExitCode);
        Assert.Equal(bytes, File.ReadAllBytes(At("again.st")));
        Assert.Contains(saved.Training, Line("describe", At("preset.st")).Output);
    }

    [Fact]
    public void What_is_given_counts_before_the_preset()
    {
        string[] train = ["train", "--data", TinyImages(), "--model", "maf", "--steps", "6", "--out"];
        string[] rest = ["--schedule", "polynomial", "--power", "2", "--warmup", "3", "--clip", "0.5", "--ema", "0.9"];
        var preset = Line([.. train, At("a.st"), "--preset", "image", .. rest]);
        Assert.Equal((0, ""), (preset.ExitCode, preset.Error));
        Assert.Equal("--learning-rate 0.02", Sets(preset.Output, "image"));
        Line([.. train, At("b.st"), "--learning-rate", "0.02", .. rest]);
        Assert.Equal(File.ReadAllBytes(At("a.st")), File.ReadAllBytes(At("b.st")));
        Assert.Contains(
            "Preset image sets nothing that is not given besides.",
            Line([.. train, At("c.st"), "--preset", "image", .. rest, "--learning-rate", "0.001"]).Output);
    }

    [Fact]
    public void A_comparison_with_a_preset_has_the_numbers_of_its_options_and_says_what_it_set()
    {
        string[] compare = ["compare", "--data", TinyImages(), "--models", "maf,realnvp", "--set", "realnvp.levels=1",
            "--steps", "4", "--parameters", "4000", "--out"];
        var preset = Line([.. compare, At("p"), "--preset", "image"]);
        Assert.Equal((0, ""), (preset.ExitCode, preset.Error));
        var spelled = Line([.. compare, At("s"), .. Sets(preset.Output, "image").Split(' ')]);
        Assert.Equal((0, ""), (spelled.ExitCode, spelled.Error));
        var (with, without) = (Results("p"), Results("s"));
        Assert.Equal("image", (string?)with["run"]!["preset"]);
        Assert.Null(without["run"]!["preset"]);
        Assert.Equal((string?)with["run"]!["updates"], (string?)without["run"]!["updates"]);
        Assert.StartsWith("--schedule one-cycle --optimizer adamw", (string?)with["run"]!["updates"]);
        Assert.Contains(
            "Preset image sets --learning-rate 0.02 --schedule one-cycle.",
            with["notes"]!.AsArray().Select(note => (string?)note));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0.02, (double)with["details"]![i]!["learningRate"]!);
            Assert.Equal(
                (double)with["models"]![i]!["testNllNats"]!, (double)without["models"]![i]!["testNllNats"]!);
            Assert.Equal(Losses(with, i), Losses(without, i));
        }
    }

    [Fact]
    public void A_preset_for_other_data_or_another_place_is_refused_in_a_sentence()
    {
        string[] vectors = ["--data", TinyVectors(), "--preset", "image", "--out", At("o")];
        Assert.Contains("--preset: expected items that are images for the preset image, got (3); leave it out.",
            Failure(1, ["train", "--model", "maf", .. vectors]));
        Assert.Contains("expected items that are images", Failure(1, ["compare", .. vectors]));
        Assert.Contains("variational inference is done in code, by ReverseKl with TrainingPreset.VariationalInference",
            Failure(2, "train", "--preset", "vi"));
        Assert.Contains("--preset: expected image, got tabular; no options are known that do better on tables",
            Failure(2, "compare", "--preset", "tabular"));
        Assert.Contains("--preset: expected image, got 'audio'", Failure(2, "compare", "--preset", "audio"));
        Assert.Contains("got one-cycle, which has a rise of its own; give --schedule too",
            Failure(1, "train", "--preset", "image", "--warmup", "5"));
    }

    private static string Sets(string output, string preset)
    {
        var begin = $"Preset {preset} sets ";
        var line = output.Split('\n').Single(line => line.StartsWith(begin, StringComparison.Ordinal));
        return line.Trim()[begin.Length..].TrimEnd('.');
    }

    private static double?[] Losses(JsonNode results, int model) =>
        [.. results["details"]![model]!["history"]!.AsArray().Select(record => (double?)record!["train"])];

    private JsonNode Results(string folder) => JsonNode.Parse(File.ReadAllText(At($"{folder}/results.json")))!;
}
