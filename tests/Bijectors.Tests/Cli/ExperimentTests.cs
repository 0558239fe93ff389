using System.Text.Json.Nodes;

namespace Bijectors.Tests.Cli;

public sealed class ExperimentTests : CommandLineTest
{
    private readonly string[] _line;

    public ExperimentTests() => _line =
    [
        "experiment", "mixerflow", "--sections", "models", "--steps", "2", "--learning-rate", "0.01", "--parameters",
        "40000", "--out", At("o"),
    ];

    [Fact]
    public void Trains_each_row_and_resumes()
    {
        var first = Line([.. _line, "--seeds", "1"]);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Contains("models, MixerFlow, rate 0.01, seed 0", first.Output);
        Assert.Equal(6, Directory.GetFiles(At("o/trials")).Length);
        var lines = File.ReadAllLines(At("o/experiment.csv"));
        Assert.Equal(7, lines.Length);
        Assert.StartsWith("section,name,rate,seed,parameters", lines[0]);
        var table = File.ReadAllText(At("o/experiment.md"));
        Assert.All(
            ["MixerFlow", "Glow", "RealNVP", "MAF", "NSF", "TarFlow"],
            name => Assert.Contains($"| {name} |", table));
        Assert.Contains("digits, 40000 parameters, 2 steps", table);
        Assert.Contains("Independent entries: 2.4", table);

        // Another seed is added, and what is there is not trained again.
        var more = Line([.. _line, "--seeds", "2"]);
        Assert.Equal((0, ""), (more.ExitCode, more.Error));
        Assert.DoesNotContain("seed 0", more.Output);
        Assert.Contains("models, MixerFlow, rate 0.01, seed 1", more.Output);
        Assert.Equal(13, File.ReadAllLines(At("o/experiment.csv")).Length);
        Assert.Contains(" ± ", File.ReadAllText(At("o/experiment.md")));

        // A file that is damaged is as good as none.
        var glow = Directory.GetFiles(At("o/trials"), "glow-*").Order().First();
        var result = JsonNode.Parse(File.ReadAllText(glow))!["result"]!;
        File.WriteAllText(glow, "{");
        var again = Line([.. _line, "--seeds", "2"]);
        Assert.Contains("models, Glow", again.Output);
        Assert.DoesNotContain("MAF", again.Output);
        Assert.Equal(
            (double)result["testBits"]!, (double)JsonNode.Parse(File.ReadAllText(glow))!["result"]!["testBits"]!, 12);
    }

    [Fact]
    public void What_is_interrupted_keeps_what_was_whole()
    {
        Assert.Equal(130, Interrupted([.. _line, "--seeds", "1"]).ExitCode);
        Assert.Empty(Directory.GetFiles(At("o/trials")));
    }

    [Fact]
    public void A_name_or_a_section_that_there_is_not_is_an_error()
    {
        Assert.Contains("expected mixerflow or sweep, got 'glow'", Failure(2, "experiment", "glow"));
        Assert.Contains(
            "--sections: expected some of models, paper, permuted, ablations, got 'rest'",
            Failure(2, "experiment", "mixerflow", "--sections", "models,rest"));
    }
}
