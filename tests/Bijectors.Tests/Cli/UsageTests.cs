namespace Bijectors.Tests.Cli;

public sealed class UsageTests : CommandLineTest
{
    [Theory]
    [InlineData("--help")]
    [InlineData]
    public void The_help_lists_the_commands(params string[] line)
    {
        var run = Line(line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(
            ["compare", "experiment", "train", "resume", "list", "diff", "score", "sample", "describe", "convert",
                "check", "bench", "doctor", "completions"],
            command => Assert.Contains($"  {command}", run.Output));
        Assert.Contains("Start with:  bijectors compare", run.Output);
    }

    [Theory]
    [InlineData("compare")]
    [InlineData("experiment")]
    [InlineData("train")]
    [InlineData("sample")]
    [InlineData("describe")]
    [InlineData("check")]
    [InlineData("bench")]
    [InlineData("doctor")]
    [InlineData("score")]
    [InlineData("resume")]
    [InlineData("list")]
    [InlineData("diff")]
    [InlineData("convert")]
    public void Every_command_explains_itself_with_an_example(string command)
    {
        var run = Line(command, "--help");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"  bijectors {command} ", run.Output.Replace("\n", " \n", StringComparison.Ordinal));
        Assert.Contains("Example", run.Output);
    }

    [Theory]
    [InlineData("--epochs: expected a whole number of at least 1, got 'ten'; see bijectors compare --help.",
        "compare", "--epochs", "ten")]
    [InlineData("--epochs: expected a whole number of at least 1, got '0'", "compare", "--epochs", "0")]
    [InlineData("--learning-rate: expected a number above 0, got '0,1'", "train", "--learning-rate", "0,1")]
    [InlineData("--seconds: expected a number above 0, got 'NaN'", "train", "--seconds", "NaN")]
    [InlineData("expected --epochs or --seconds, got both", "compare", "--epochs", "3", "--seconds", "3")]
    [InlineData("expected an option that there is, got '--colour'", "compare", "--colour", "red")]
    [InlineData("expected a command, got 'compete'; see bijectors --help.", "compete")]
    [InlineData("expected NAME=VALUE, got 'hidden'", "train", "--set", "hidden")]
    public void A_line_that_makes_no_sense_is_a_usage_error(string expected, params string[] line) =>
        Assert.Contains(expected, Failure(2, line));

    [Theory]
    [InlineData(
        "Models: expected one of mixerflow, glow, realnvp, maf, nsf, nice, tarflow, jet, iaf, ", "train", "--model",
        "resnet")]
    [InlineData(
        "Models: expected one of mixerflow, glow, realnvp, maf, nsf, nice, tarflow, jet, iaf, ", "compare",
        "--models", "glow,resnet")]
    [InlineData("MixerFlow: expected one of the options", "train", "--set", "colour=red")]
    [InlineData("expected a value like", "train", "--set", "layers=red")]
    [InlineData("the nearest for items (1, 8, 8)", "train", "--parameters", "3")]
    public void What_does_not_exist_is_named(string expected, params string[] line) =>
        Assert.Contains(expected, Failure(1, [.. line, "--out", At("o")]));

    [Fact]
    public void Unknown_data_are_named()
    {
        Assert.Contains("nowhere", Failure(1, "compare", "--data", "nowhere", "--out", At("o")));
        Assert.Contains("nowhere.csv", Failure(1, "train", "--data", "csv:nowhere.csv", "--out", At("m")));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_before_training()
    {
        var run = Line("train", "--epochs", "1000", "--out", Folder);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("expected the name of a file to write, got a folder", run.Error);
    }

    [Fact]
    public void Numbers_are_written_the_same_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("");
            var culture = (System.Globalization.CultureInfo)Thread.CurrentThread.CurrentCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            Thread.CurrentThread.CurrentCulture = culture;
            var run = Line(
                "compare", "--data", TinyVectors(), "--models", "maf", "--epochs", "1", "--learning-rate", "0.001",
                "--parameters", "3000", "--out", At("o"));
            var report = File.ReadAllText(At("o/report.html"));
            Assert.Equal(0, run.ExitCode);
            Assert.DoesNotMatch("points=\"[0-9]+,[0-9]+,[0-9]+", report);
            Assert.Matches(@"learning rate\s+0\.001", report);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }
}
