using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

public sealed class CompareTests : CommandLineTest
{
    private static readonly string[] Measures =
    [
        "model", "parameters", "steps", "seconds", "testBitsPerDimension", "testNllNats", "roundTripError",
        "logDetError", "samplesPerSecond", "scoredPerSecond", "trainImagesPerSecond", "converged", "seeds",
        "standardError", "best", "aboveLowest", "belowBaseline",
    ];

    [Fact]
    public void Compares_all_models_on_the_bundled_digits_and_writes_its_files()
    {
        var run = Line(
            "compare", "--epochs", "1", "--parameters", "30000", "--test-items", "40", "--layers", "1", "--out",
            At("o"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            Models.Names.SelectMany(name => new[] { $"samples-{name}.png", $"layers-{name}.csv" })
                .Concat(["report.html", "results.json"]).Order(),
            Directory.GetFiles(At("o")).Select(Path.GetFileName).Order());
        Assert.Contains("independent pixels", run.Output);

        var results = Results("o");
        Assert.Equal(
            Models.Names, results["models"]!.AsArray().Select(model => (string?)model!["model"]));
        Assert.All(results["models"]!.AsArray(), model =>
        {
            Assert.Equal(Measures, model!.AsObject().Select(row => row.Key));
            Assert.Equal(11, (double)model["steps"]!);
            Assert.InRange((double)model["parameters"]!, 27_000, 33_000);
            Assert.InRange((double)model["roundTripError"]!, 0, 1e-3);
            // An estimate of log-dets is a mean of few.
            Assert.InRange((double)model["logDetError"]!, 0, (string?)model["model"] == "resflow" ? 1e-2 : 1e-4);
            Assert.Equal((double)model["testNllNats"]! / (64 * Math.Log(2)), (double)model["testBitsPerDimension"]!, 6);
            Assert.True((double)model["samplesPerSecond"]! > 0 && (double)model["trainImagesPerSecond"]! > 0);
        });
        Assert.InRange((double)results["baseline"]!["testBitsPerDimension"]!, 2, 3);
        Assert.InRange((double)results["baseline"]!["validationBitsPerDimension"]!, 2, 3);
        Assert.NotEqual(
            (double)results["baseline"]!["testNllNats"]!, (double)results["baseline"]!["validationNllNats"]!);
        Assert.Single(results["models"]!.AsArray(), model => model!["aboveLowest"] is null);
        // One epoch beats nothing.
        Assert.Null(results["best"]);
        Assert.All(results["models"]!.AsArray(), model => Assert.False((bool)model!["best"]!));
        Assert.All(results["notes"]!.AsArray(), note => Assert.Contains((string)note!, run.Output));
        Assert.Contains("does not beat the baseline", run.Output);
        var calibrated = results["details"]!.AsArray().Count(model => model!["calibration"] is not null);
        AssertSelfContained(File.ReadAllText(At("o/report.html")), calibrated);
        Assert.Contains("Layers over training</h2>", File.ReadAllText(At("o/report.html")));
        Assert.StartsWith("epoch,step,path,layer,log_det", File.ReadAllText(At("o/layers-glow.csv")));
    }

    [Fact]
    public void A_budget_that_no_width_meets_takes_the_nearest_and_says_so()
    {
        var run = Line("compare", "--data", TinyImages(), "--models", "glow,maf", "--parameters", "500", "--steps",
            "2", "--out", At("o"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var results = Results("o");
        var glow = (double)results["models"]![0]!["parameters"]!;
        Assert.True(glow > 550);
        var note = FormattableString.Invariant(
            $"Glow has {glow:N0} parameters, not 500: no width of its networks comes nearer.");
        Assert.Contains(note, results["notes"]!.AsArray().Select(text => (string?)text));
        Assert.Contains(note, run.Output);
        Assert.Contains(note, File.ReadAllText(At("o/report.html")));
        Assert.Equal(2, (int)results["run"]!["stepsAskedFor"]!);
    }

    [Fact]
    public void Options_of_models_can_be_set_and_a_width_that_is_set_stays()
    {
        var run = Line(
            "compare", "--data", TinyImages(), "--models", "mixerflow,maf", "--parameters", "4000", "--steps", "2",
            "--out", At("o"), "--set", "mixerflow.patch=3", "--set", "MAF.hidden=5", "--set", "mixerflow.layers=1");
        Assert.Equal((1, 1), (run.ExitCode, run.Error.Split('\n').Length - 1));
        Assert.StartsWith("error: ", run.Error);

        run = Line(
            "compare", "--data", TinyImages(), "--models", "mixerflow,maf", "--parameters", "4000", "--steps", "2",
            "--out", At("o"), "--set", "mixerflow.couplings=2", "--set", "MAF.hidden=5", "--set", "mixerflow.layers=1");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var details = Results("o")["details"]!.AsArray();
        Assert.Equal((1, 2), ((int)details[0]!["options"]!["layers"]!, (int)details[0]!["options"]!["couplings"]!));
        Assert.Equal(5, (int)details[1]!["options"]!["hidden"]!);
        Assert.Contains("not 4,000: its width was set.", run.Output);
    }

    [Theory]
    [InlineData(1, "mixerflow.patches=4", "MixerFlow: expected one of the options patch, layers, ")]
    [InlineData(1, "resnet.hidden=4", "expected one of mixerflow, glow, realnvp, maf, nsf, nice, tarflow, jet, ")]
    [InlineData(1, "maf.layers=many", "MAF: expected a value like 4 for the option layers, got \"many\"")]
    [InlineData(1, "glow.levels=2", "--set: expected one of the models that are compared (maf), got 'glow'")]
    [InlineData(2, "layers=4", "--set: expected MODEL.OPTION=VALUE, got 'layers=4'")]
    [InlineData(2, "maf.=4", "--set: expected MODEL.OPTION=VALUE, got 'maf.=4'")]
    public void A_setting_that_means_nothing_is_told_with_what_there_is(
        int exitCode, string setting, string expected) =>
        Assert.Contains(expected, Failure(exitCode, Vectors("o", "--models", "maf", "--set", setting)));

    [Fact]
    public void A_number_of_test_items_bounds_what_is_measured_and_is_said()
    {
        var run = Line(Vectors("o", "--models", "maf", "--steps", "2", "--test-items", "5"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var info = Results("o")["run"]!;
        Assert.Equal((8, 5, 8, 5), (
            (int)info["testItems"]!, (int)info["testItemsUsed"]!, (int)info["validationItems"]!,
            (int)info["validationItemsUsed"]!));
        Assert.Contains("Measured on 5 of 8 test items, drawn with the seed.", run.Output);
        Assert.Contains(
            "Validated on 5 of 8 validation items, drawn with the seed.", File.ReadAllText(At("o/report.html")));
    }

    [Fact]
    public void A_time_for_scoring_that_ends_early_leaves_every_model_on_the_same_items()
    {
        var run = Line("compare", "--models", "maf,realnvp", "--parameters", "20000", "--steps", "2", "--data", "moons",
            "--evaluation-seconds", "1e-9", "--out", At("o"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(256, (int)Results("o")["run"]!["testItemsUsed"]!);
        Assert.Contains("Within 1E-09 s MAF, RealNVP scored 256 of 1,000 test items; all models are reported on these.",
            run.Output);
    }

    [Fact]
    public void Permuted_pixels_are_recorded_and_change_no_histogram()
    {
        string[] line =
            ["compare", "--data", TinyImages(), "--models", "maf,realnvp", "--parameters", "4000", "--steps", "3"];
        var plain = Line([.. line, "--out", At("plain")]);
        var permuted = Line([.. line, "--out", At("permuted"), "--permute", "2"]);
        Assert.Equal((0, 0), (plain.ExitCode, permuted.ExitCode));
        Assert.Null(Results("plain")["run"]!["permute"]);
        Assert.Equal(2, (int)Results("permuted")["run"]!["permute"]!);
        Assert.Equal(Baseline("plain"), Baseline("permuted"), 9);
        Assert.NotEqual((double)Results("plain")["models"]![1]!["testNllNats"]!,
            (double)Results("permuted")["models"]![1]!["testNllNats"]!);
        Assert.Contains("one fixed random order, seed 2", File.ReadAllText(At("permuted/report.html")));

        double Baseline(string folder) => (double)Results(folder)["baseline"]!["testNllNats"]!;
    }

    [Fact]
    public void A_model_whose_training_fails_is_left_out_and_the_others_are_written()
    {
        var run = Line(Vectors("o", "--models", "maf,realnvp", "--steps", "60", "--learning-rate", "1e30"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is left out, its training failed: Training stopped at step", run.Error);
        var left = Results("o")["leftOut"]!.AsArray();
        Assert.All(left, model => Assert.True((bool)model!["trainingFailed"]!));
        Assert.NotEmpty(left);
    }

    [Fact]
    public void Several_seeds_give_a_standard_error()
    {
        var run = Line(Vectors("o", "--models", "maf", "--epochs", "2", "--seeds", "3"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var model = Results("o")["models"]![0]!;
        Assert.Equal(3, (int)model["seeds"]!);
        Assert.True((double)model["standardError"]!["testBitsPerDimension"]! > 0);
        Assert.Equal(3, Results("o")["details"]![0]!["runs"]!.AsArray().Count);
    }

    [Fact]
    public void Models_that_do_not_fit_the_data_are_left_out_unless_they_are_named()
    {
        var line = Vectors("o", "--steps", "2");
        var run = Line(line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Glow is left out", run.Output);
        Assert.Equal(
            [
                "realnvp", "maf", "nsf", "nice", "iaf", "naf", "gaussianization", "planar", "sylvester", "resflow",
                "cif", "cgnf", "ferumal",
            ],
            Results("o")["models"]!.AsArray().Select(model => (string?)model!["model"]));
        Assert.Equal(
            ["mixerflow", "glow", "tarflow", "jet", "flowpp", "jetformer", "farmer", "latentflow"],
            Results("o")["leftOut"]!.AsArray().Select(left => (string?)left!["model"]));
        Assert.Equal("independent Gaussians", (string?)Results("o")["baseline"]!["model"]);
        Assert.Contains("Bits/dim of continuous data depend on the units", run.Output);
        Assert.Contains("Bits/dim of continuous data depend on the units", File.ReadAllText(At("o/report.html")));
        Assert.Contains("Glow", Failure(1, [.. line, "--models", "maf,glow"]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_likelihood()
    {
        Assert.Equal(Likelihood("a", "0"), Likelihood("b", "0"));
        Assert.NotEqual(Likelihood("a", "0"), Likelihood("c", "1"));

        double Likelihood(string folder, string seed)
        {
            Line(Vectors(folder, "--models", "realnvp", "--epochs", "1", "--seed", seed));
            return (double)Results(folder)["models"]![0]!["testNllNats"]!;
        }
    }

    [Fact]
    public void Trained_models_are_saved_on_demand()
    {
        Line(Vectors("o", "--models", "maf,realnvp", "--steps", "4", "--seeds", "2", "--save"));
        foreach (var name in new[] { "maf", "realnvp" })
        {
            using var saved = SavedModel.Load(At($"o/model-{name}.safetensors"));
            Assert.Equal((name, 0), (saved.Model!.Name, saved.Seed));
        }
    }

    [Fact]
    public void Models_of_permuted_pixels_are_not_saved() => Assert.Contains(
        "--save: expected pixels in their own order",
        Failure(2, Vectors("o", "--models", "maf", "--save", "--permute", "1")));

    [Fact]
    public void Ctrl_c_writes_what_is_trained()
    {
        var run = Interrupted(Vectors("o", "--models", "maf,realnvp", "--seconds", "600"));
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("interrupted", run.Error);
        var results = Results("o");
        Assert.True((bool)results["run"]!["interrupted"]!);
        Assert.Equal("maf", (string?)Assert.Single(results["models"]!.AsArray())!["model"]);
        Assert.Contains("interrupted", File.ReadAllText(At("o/report.html")));
    }

    [Fact]
    public void Names_from_outside_are_escaped_in_the_report()
    {
        var path = At("<script>alert(1)&.npy");
        File.Copy(TinyVectors(), path);
        Line("compare", "--data", path, "--models", "maf", "--epochs", "1", "--parameters", "3000", "--out", At("o"));
        Assert.DoesNotContain("<script", File.ReadAllText(At("o/report.html")));
    }

    [Fact]
    public void An_output_folder_that_cannot_be_written_is_told_before_training()
    {
        File.WriteAllText(At("file"), "");
        var run = Line("compare", "--out", At("file"));
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("expected a folder that can be written to", run.Error);
    }

    private string[] Vectors(string folder, params string[] more) =>
        ["compare", "--data", TinyVectors(), "--parameters", "3000", "--out", At(folder), .. more];

    private JsonObject Results(string folder) =>
        JsonNode.Parse(File.ReadAllText(At($"{folder}/results.json")))!.AsObject();

    private static void AssertSelfContained(string html, int calibrated)
    {
        Assert.DoesNotContain("http", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("url(", html);
        var targets = Regex.Matches(html, "(?:src|href)=\"([^\"]*)\"").Select(match => match.Groups[1].Value);
        Assert.All(targets, target => Assert.Matches("^(data:image/png;base64,|#)", target));
        Assert.Equal(Models.Names.Count + 1, Regex.Count(html, "<img "));
        // Two of the training, one each of layers and calibration, where the diagonal is a line too.
        Assert.Equal(4, Regex.Count(html, "class=\"chart\""));
        Assert.InRange(calibrated, 10, Models.Names.Count - 1);
        Assert.Equal(3 * Models.Names.Count + calibrated + 1, Regex.Count(html, "<polyline "));
        Assert.DoesNotContain("NaN", Regex.Replace(html, "base64,[^\"]*", ""));
    }
}
