using System.Text.Json.Nodes;
using Bijectors.Cli;
using TorchSharp;

namespace Bijectors.Tests.Cli;

/// <summary><c>--json</c>, <c>--quiet</c> and exit codes: the same for every command.</summary>
public sealed class GlobalOptionTests : CommandLineTest
{
    private static readonly string[] s_tiny = ["--set", "hidden=4", "--steps", "2", "--layers", "0"];

    // Every command with a line that does its work; RUN and MODEL stand for a run that is there, OUT for a new path.
    public static TheoryData<string, string> Lines() => new()
    {
        { "compare", "--data DATA --models maf --parameters 2000 --steps 2 --layers 0 --out OUT" },
        { "experiment", "mixerflow --sections ablations --steps 1 --seeds 1 --parameters 20000 --learning-rate 0.01 "
            + "--data moons --out OUT" },
        { "train", "--model maf --data DATA --set hidden=4 --steps 2 --layers 0 --out OUT" },
        { "resume", "RUN" },
        { "list", "FOLDER" },
        { "diff", "RUN RUN" },
        { "score", "MODEL --data DATA --out OUT.npy" },
        { "sample", "MODEL --count 3 --out OUT.npy" },
        { "describe", "MODEL" },
        { "convert", "DATA OUT.csv" },
        { "check", "MODEL" },
        { "bench", "realnvp-d2 --seconds 0.01 --threads 1" },
        { "doctor", "--quick mm" },
        { "completions", "bash" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Json_is_one_object_and_nothing_else(string command, string rest)
    {
        var threads = torch.get_num_threads();
        try
        {
            var run = Line([command, .. Made(rest), "--json"]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Equal(command, (string)Object(run.Output)["command"]!);
            Assert.IsType<JsonArray>(Object(run.Output)["warnings"]);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void The_lines_above_are_of_all_commands()
    {
        var help = Line("--help").Output;
        var listed = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1)
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0]);
        // One of them goes on until it is stopped.
        Assert.Equal(listed.Except(["serve"]).Order(), Lines().Select(row => (string)row[0]).Order());
    }

    [Fact]
    public void An_error_under_json_is_an_object_too()
    {
        Same(1, "failure", Line("describe", At("nothing"), "--json"));
        Same(2, "usage", Line("train", "--epochs", "ten", "--json"));
        Same(2, "usage", Line("compete", "--json"));
        string[] train = ["train", "--model", "maf", "--data", TinyVectors(), "--out", At("m"), "--json"];
        Same(130, "interrupted", InterruptedAtOnce(train));
        var broken = Line("doctor", "--quick", "exp", "--break", "exp", "--json");
        Assert.NotNull(Object(broken.Output)["wrong"]);
        Same(1, "failure", broken with { Output = "" });

        static void Same(int code, string name, Run run)
        {
            Assert.Equal((code, ""), (run.ExitCode, run.Output));
            var error = Object(run.Error);
            Assert.Equal((code, name), ((int)error["exitCode"]!, (string)error["error"]!));
            Assert.NotEqual("", (string)error["message"]!);
        }
    }

    [Fact]
    public void Quiet_drops_what_is_told_on_the_way_and_keeps_answers()
    {
        string[] train = ["train", "--model", "maf", "--data", TinyVectors(), .. s_tiny, "--out", At("m")];
        Assert.NotEqual("", Line(train).Output);
        Assert.Equal(new Run(0, "", ""), Line([.. train, "--quiet"]));
        Assert.Equal(new Run(0, "", ""), Line("sample", At("m"), "--out", At("s.csv"), "-q"));
        Assert.Equal(Line("describe", At("m")), Line("describe", At("m"), "--quiet"));
        var compare = Line(
            "compare", "--data", TinyVectors(), "--models", "maf", "--parameters", "2000", "--steps", "2", "--layers",
            "0", "--out", At("o"), "--quiet");
        Assert.Equal((0, ""), (compare.ExitCode, compare.Error));
        Assert.DoesNotContain("steps/s", compare.Output);
        Assert.Contains("Test bits/dim", compare.Output.Split('\n')[1]);
    }

    [Fact]
    public void Warnings_are_told_whatever_is_asked_for()
    {
        var random = new Random(1);
        File.WriteAllText(At("t.csv"), "a,b\n" + string.Join('\n', Enumerable.Range(0, 100).Select(_ =>
        {
            var (far, near) = (1_700_000_000 + (100 * random.NextDouble()), random.NextDouble());
            return FormattableString.Invariant($"{far:F3},{near:F4}");
        })));
        string[] train = ["train", "--model", "maf", "--data", At("t.csv"), .. s_tiny, "--out", At("m")];
        Assert.Contains("Warning: t.csv", Line(train).Output);
        Assert.StartsWith("warning: t.csv", Line([.. train, "--quiet"]).Error);
        var json = Line([.. train, "--json"]);
        Assert.Equal("", json.Error);
        Assert.StartsWith("t.csv", (string)Object(json.Output)["warnings"]![0]!);
    }

    [Fact]
    public void Exit_codes_are_those_of_the_help_and_of_the_page()
    {
        var help = Line("--help").Output;
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "cli.md"));
        Assert.Equal(Enum.GetValues<ExitCode>(), ExitCodes.All.Select(row => row.Code));
        Assert.All(ExitCodes.All, row =>
        {
            Assert.Contains($"{(int)row.Code,-5}{row.Name,-13}{row.Meaning}", help);
            Assert.Contains($"| {(int)row.Code} | `{row.Name}` | {row.Meaning} |", page);
        });
    }

    private static JsonObject Object(string text) => Assert.IsType<JsonObject>(JsonNode.Parse(text));

    private string[] Made(string rest)
    {
        var data = TinyVectors();
        if (rest.Contains("RUN", StringComparison.Ordinal) || rest.Contains("MODEL", StringComparison.Ordinal)
            || rest == "FOLDER")
        {
            var run = Line(["train", "--model", "maf", "--data", data, .. s_tiny, "--run", At("run")]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
        }

        return
        [
            .. rest.Split(' ').Select(word => word
                .Replace("OUT", At("out"), StringComparison.Ordinal).Replace("DATA", data, StringComparison.Ordinal)
                .Replace("RUN", At("run"), StringComparison.Ordinal).Replace("FOLDER", Folder, StringComparison.Ordinal)
                .Replace("MODEL", At("run/model.safetensors"), StringComparison.Ordinal)),
        ];
    }
}
