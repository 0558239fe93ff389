using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bijectors.Tests.Cli;

public sealed class CompareTests : CommandLineTest
{
    private static readonly string[] Measures =
    [
        "model", "parameters", "steps", "seconds", "testBitsPerDimension", "testNllNats", "roundTripError", "logDetError",
        "samplesPerSecond", "trainImagesPerSecond", "seeds", "standardError",
    ];

    [Fact]
    public void Compares_all_models_on_the_bundled_digits_and_writes_its_files()
    {
        var run = Line("compare", "--epochs", "1", "--parameters", "30000", "--out", At("o"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            ["report.html", "results.json", "samples-glow.png", "samples-maf.png", "samples-mixerflow.png", "samples-realnvp.png"],
            Directory.GetFiles(At("o")).Select(Path.GetFileName).Order());
        Assert.Contains("independent pixels", run.Output);

        var results = Results("o");
        Assert.Equal(["mixerflow", "glow", "realnvp", "maf"], results["models"]!.AsArray().Select(model => (string?)model!["model"]));
        Assert.All(results["models"]!.AsArray(), model =>
        {
            Assert.Equal(Measures, model!.AsObject().Select(row => row.Key));
            Assert.Equal(11, (double)model["steps"]!);
            Assert.InRange((double)model["parameters"]!, 27_000, 33_000);
            Assert.InRange((double)model["roundTripError"]!, 0, 1e-3);
            Assert.InRange((double)model["logDetError"]!, 0, 1e-4);
            Assert.Equal((double)model["testNllNats"]! / (64 * Math.Log(2)), (double)model["testBitsPerDimension"]!, 6);
            Assert.True((double)model["samplesPerSecond"]! > 0 && (double)model["trainImagesPerSecond"]! > 0);
        });
        Assert.InRange((double)results["baseline"]!["testBitsPerDimension"]!, 2, 3);
        AssertSelfContained(File.ReadAllText(At("o/report.html")));
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
        var line = Vectors("o", "--seconds", "0.3");
        var run = Line(line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Glow is left out", run.Output);
        Assert.Equal(["realnvp", "maf"], Results("o")["models"]!.AsArray().Select(model => (string?)model!["model"]));
        Assert.Equal("independent Gaussians", (string?)Results("o")["baseline"]!["model"]);
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

    private JsonObject Results(string folder) => JsonNode.Parse(File.ReadAllText(At($"{folder}/results.json")))!.AsObject();

    private static void AssertSelfContained(string html)
    {
        Assert.DoesNotContain("http", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("url(", html);
        var targets = Regex.Matches(html, "(?:src|href)=\"([^\"]*)\"").Select(match => match.Groups[1].Value);
        Assert.All(targets, target => Assert.StartsWith("data:image/png;base64,", target));
        Assert.Equal(5, Regex.Count(html, "<img "));
        Assert.Equal(2, Regex.Count(html, "class=\"chart\""));
        Assert.Equal(8, Regex.Count(html, "<polyline "));
        Assert.DoesNotContain("NaN", Regex.Replace(html, "base64,[^\"]*", ""));
    }
}
