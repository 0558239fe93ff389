using System.Text.Json.Nodes;
using Bijectors.Cli;
using Bijectors.Data;
using Bijectors.KillResume;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

/// <summary><c>bijectors train --run</c>, <c>resume</c>, <c>list</c> and <c>diff</c>.</summary>
public sealed class RunFolderTests : CommandLineTest
{
    private static readonly string[] s_files =
    [
        "checkpoint.safetensors", "config.json", "curves.csv", "log.txt", "model.safetensors", "report.html",
        "results.json",
    ];

    [Fact]
    public void A_run_holds_all_that_it_is()
    {
        var run = Line([.. Train(), "--run", At("r")]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(s_files, name => Assert.True(File.Exists(At($"r/{name}")), name));
        var config = Json("r/config.json");
        Assert.Equal(("maf", 4), ((string)config["options"]!["model"]!, (int)config["options"]!["set"]!["hidden"]!));
        Assert.Equal(SavedModel.LibraryVersion, (string)config["versions"]!["bijectors"]!);
        Assert.Equal(64, (int)config["data"]!["train"]!);
        var results = Json("r/results.json");
        Assert.Equal(("finished", 6), ((string)results["status"]!, (int)results["steps"]!));
        var curves = File.ReadAllLines(At("r/curves.csv"));
        Assert.Equal("epoch,step,train,validation,rate,seconds", curves[0]);
        Assert.StartsWith("2,6,", curves[^1]);
        Assert.Contains("Saved: ", File.ReadAllText(At("r/log.txt")));
        var report = File.ReadAllText(At("r/report.html"));
        Assert.All(
            ["results", "training", "samples", "calibration", "exactness", "layers", "cost", "models"],
            section => Assert.Contains($"<section id=\"{section}\"", report));
        Assert.Contains($">{(double)results["test"]!["bitsPerDimension"]!:F3} &#177; ", report);

        // The model of a run is the one that the same options make without.
        Assert.Equal(0, Line([.. Train(), "--out", At("m")]).ExitCode);
        using var inRun = SavedModel.Load(At("r/model.safetensors"));
        using var alone = SavedModel.Load(At("m"));
        Assert.Equal(alone.LogDensities, inRun.LogDensities);
        Assert.Equal(0, Line("describe", At("r")).ExitCode);
        Assert.Contains("there is nothing to do", Line("resume", At("r")).Output);
        Assert.Contains("got one that has a config.json; continue it with \"bijectors resume",
            Failure(1, [.. Train(), "--run", At("r")]));
        Assert.Contains("expected --run or --out, got both", Failure(2, "train", "--run", "r", "--out", "m"));
        Assert.Contains("expected --run without --checkpoint", Failure(2, "train", "--run", "r", "--resume"));
    }

    [Fact]
    public void Every_option_of_a_training_is_in_its_config()
    {
        Assert.Equal(0, Line([.. Train(), "--run", At("r")]).ExitCode);
        var kept = Json("r/config.json")["options"]!.AsObject().Select(row => row.Key).Order();
        var help = Line("train", "--help").Output;
        var options = System.Text.RegularExpressions.Regex.Matches(help, @"^  (?:-\w, )*--([a-z-]+)",
            System.Text.RegularExpressions.RegexOptions.Multiline).Select(match => match.Groups[1].Value);

        // The width that --parameters finds is in the model's options, what a preset sets in those of training.
        string[] elsewhere = ["out", "run", "checkpoint", "checkpoint-every", "resume", "json", "quiet", "help",
            "parameters", "preset"];
        Assert.Equal(kept, options.Except(elsewhere).Select(Camel).Order());

        static string Camel(string name) => string.Concat(
            name.Split('-').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    [Fact]
    public void A_plan_comes_back_from_its_config()
    {
        string[] options = ["--optimizer", "adam", "--power", "2", "--clip", "0", "--ema", "0.9", "--patience", "7",
            "--draws", "2", "--seed", "3", "--epochs", "2"];
        Assert.Equal(0, Line([.. Train()[..^2], .. options, "--run", At("r")]).ExitCode);
        var plan = new RunFolder(At("r")).ReadPlan();
        Assert.Equal(("polynomial", 2.0, 0.0), (plan.Schedule, plan.Power, plan.Clip));
        Assert.Equal(
            (OptimizerKind.Adam, 0.9, 7, 2, 3), (plan.Optimizer, plan.Ema, plan.Patience, plan.Draws, plan.Seed));
        Assert.True(JsonNode.DeepEquals(Json("r/config.json")["options"], plan.ToJson()));
    }

    [Fact]
    public void A_run_that_ctrl_c_stops_is_listed_and_resumes_to_the_same_model()
    {
        string[] train = [.. Train()[..^2], "--steps", "40", "--run"];
        Assert.Equal(0, Line([.. train, At("whole")]).ExitCode);
        var stopped = Interrupted([.. train, At("r")]);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains($"\"bijectors resume {At("r")}\" continues it", stopped.Error);
        Assert.NotEqual(Bytes("whole"), Bytes("r"));
        Assert.Equal(["r unfinished", "whole finished"], Listed());
        Assert.Contains("steps", Line("diff", At("whole"), At("r")).Output);
        var resumed = Line("resume", At("r"));
        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(Bytes("whole"), Bytes("r"));
        Assert.Equal(["r finished", "whole finished"], Listed());
        Assert.Contains("The options are the same.", Line("diff", At("whole"), At("r")).Output);
        Assert.Equal(
            File.ReadAllLines(At("whole/curves.csv")).Select(Untimed),
            File.ReadAllLines(At("r/curves.csv")).Select(Untimed));

        static string Untimed(string row) => row[..row.LastIndexOf(',')];
    }

    [Fact]
    public void A_run_that_is_killed_again_and_again_is_read_at_any_moment_and_resumes_to_the_same_model()
    {
        string[] train =
        [
            "train", "--model", "realnvp", "--data", TinyVectors(), "--steps", "300", "--batch", "20",
            "--checkpoint-every", "1", "--run",
        ];
        Assert.False(CommandProcess.Run([.. train, At("whole")]));
        var file = At("r/checkpoint.safetensors");
        string[] line = [.. train, At("r")];
        for (var kill = 0; kill < 3; kill++)
        {
            var before = File.GetLastWriteTimeUtc(file);
            CommandProcess.Run(line, process =>
            {
                while (File.GetLastWriteTimeUtc(file) == before && !process.HasExited)
                {
                    Thread.Sleep(1);
                }

                return true;
            });
            Assert.Equal("whole finished", Listed()[1]);
            Assert.Equal(0, Line("diff", At("r"), At("whole")).ExitCode);
            line = ["resume", At("r")];
        }

        Assert.False(CommandProcess.Run(line));
        Assert.Equal(Bytes("whole"), Bytes("r"));
    }

    [Theory]
    [InlineData("""{"format":7}""", "expected what a run depends on, got no run of Bijectors; the file is damaged")]
    [InlineData("""{"format":"bijectors run","formatVersion":1,"options":[]}""", "got no JSON: no options; the file")]
    [InlineData(
        """{"format":"bijectors run","formatVersion":1,"options":{"optimizer":3}}""", "got no JSON: no optimizer '3'")]
    public void A_config_that_was_changed_by_hand_is_told(string config, string expected)
    {
        Directory.CreateDirectory(At("r"));
        File.WriteAllText(At("r/config.json"), config);
        Assert.Contains(expected, Failure(1, "resume", At("r")));
    }

    [Fact]
    public void An_option_of_another_kind_is_named_by_its_place()
    {
        Assert.Equal(0, Line([.. Train(), "--run", At("r")]).ExitCode);
        var config = Json("r/config.json");
        var (warmup, data) = ((int)config["options"]!["warmup"]!, (string)config["options"]!["data"]!);
        config["options"]!["warmup"] = "many";
        File.WriteAllText(At("r/config.json"), config.ToJsonString());
        Assert.Contains("got a value of another kind at $.warmup; the file is damaged", Failure(1, "resume", At("r")));
        config["options"]!["warmup"] = warmup;
        config["options"]!["data"] = null;
        File.WriteAllText(At("r/config.json"), config.ToJsonString());
        Assert.Contains("got a value of another kind at $.data; the file is", Failure(1, "resume", At("r")));
        config["options"]!["data"] = data;

        // What came of a run may be a number where it should be a word.
        File.WriteAllText(At("r/config.json"), config.ToJsonString());
        File.WriteAllText(At("r/results.json"), """{"status":7}""");
        Assert.Equal(0, Line("resume", At("r")).ExitCode);
    }

    [Fact]
    public void What_is_damaged_failed_or_running_is_listed_as_such()
    {
        Assert.Equal(0, Line([.. Train(), "--run", At("good")]).ExitCode);
        foreach (var name in new[] { "cut", "other", "busy" })
        {
            Directory.CreateDirectory(At(name));
            File.Copy(At("good/config.json"), At($"{name}/config.json"));
        }

        File.WriteAllText(At("cut/config.json"), "{");
        File.WriteAllText(At("other/results.json"), """{"status":"failed","message":"the loss is NaN"}""");
        using (new RunFolder(At("busy")).Take())
        {
            Assert.Equal(["busy running", "cut damaged", "good finished", "other failed"], Listed());
            Assert.Contains("another process is at", Failure(1, "resume", At("busy")));
        }

        Assert.Equal("busy unfinished", Listed()[0]);
        var list = Line("list", Folder);
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("other: the loss is NaN", list.Output);
        Assert.Contains("the file is damaged", Failure(1, "diff", At("good"), At("cut")));
        Assert.Contains("expected a folder with runs, found no folder", Failure(1, "list", At("nowhere")));
        Assert.Contains("got a folder without model.safetensors", Failure(1, "describe", At("busy")));
    }

    [Fact]
    public void A_run_that_fails_says_so_in_its_folder()
    {
        var run = Line(
            "train", "--model", "maf", "--data", TinyVectors(), "--set", "hidden=4", "--steps", "200",
            "--learning-rate", "1e30", "--clip", "0", "--schedule", "constant", "--warmup", "0", "--run", At("r"));
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["r failed"], Listed());
        Assert.Contains("Failed: ", File.ReadAllText(At("r/log.txt")));
    }

    [Fact]
    public void Paths_of_data_lead_there_from_any_folder()
    {
        Assert.Equal("digits?context=label", Datasets.Rooted("digits?context=label", "/a"));
        Assert.Equal("csv:/a/b.csv?target=x", Datasets.Rooted("csv:b.csv?target=x", "/a"));
        Assert.Equal("npz:/a/b.npz#key", Datasets.Rooted("npz:b.npz#key", "/a"));
        Assert.Equal("/a/b.npy", Datasets.Rooted("b.npy", "/a"));
        Assert.Equal("mnist:/c", Datasets.Rooted("mnist:/c", "/a"));
    }

    private string[] Train() =>
        ["train", "--model", "maf", "--data", TinyVectors(), "--set", "hidden=4", "--batch", "30", "--epochs", "2"];

    private string[] Listed() =>
    [
        .. JsonNode.Parse(Line("list", Folder, "--json").Output)!["runs"]!.AsArray()
            .Select(run => $"{Path.GetFileName((string)run!["folder"]!)} {run["status"]}"),
    ];

    private JsonObject Json(string name) => JsonNode.Parse(File.ReadAllText(At(name)))!.AsObject();

    private byte[] Bytes(string run) => File.ReadAllBytes(At($"{run}/model.safetensors"));
}
