using System.Globalization;
using Bijectors.Cli;
using Bijectors.Distributed;
using Bijectors.Tests.Cli;

namespace Bijectors.Tests.Distributed;

/// <summary>Commands on several ranks: one result, written and told by the first one.</summary>
public sealed class SharedCommandTests : CommandLineTest
{
    private static readonly string[] s_training =
        ["--model", "maf", "--set", "layers=2", "--set", "hidden=8", "--batch", "20", "--epochs", "3"];

    [Fact]
    public void Training_on_two_ranks_gives_the_folder_of_one()
    {
        string[] line = ["train", .. s_training, "--data", TinyImages(), "--run"];
        Assert.Equal(0, Line([.. line, At("one")]).ExitCode);
        var runs = OnRanks(2, _ => [.. line, At("two")]);
        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.Error)));
        Assert.Contains("2 ranks, each with its share of every batch of 20", runs[0].Output);
        Assert.Equal(Files("one"), Files("two"));
        foreach (var (one, two) in Losses("one").Zip(Losses("two")))
        {
            Assert.Equal(one, two, 1e-5 * one);
        }
    }

    [Fact]
    public void A_run_that_one_process_began_is_finished_by_two()
    {
        string[] line = ["train", .. s_training, "--data", TinyImages(), "--run"];
        Assert.Equal(0, Line([.. line, At("whole")]).ExitCode);
        Assert.Equal((int)ExitCode.Interrupted, Interrupted([.. line, At("stopped")]).ExitCode);
        var runs = OnRanks(2, _ => ["resume", At("stopped")]);
        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.Error)));
        Assert.Equal(Losses("whole").Count, Losses("stopped").Count);
        foreach (var (one, two) in Losses("whole").Zip(Losses("stopped")))
        {
            Assert.Equal(one, two, 1e-5 * one);
        }

        Assert.Contains("is finished", OnRanks(2, _ => ["resume", At("stopped")])[0].Output);
    }

    [Fact]
    public void An_experiment_on_three_ranks_gives_the_rows_of_one()
    {
        string[] line =
        [
            "experiment", "sweep", "--model", "maf", "--vary", "layers=1,2", "--steps", "4",
            "--seeds", "2", "--parameters", "2000", "--data", TinyImages(), "--out",
        ];
        Assert.Equal(0, Line([.. line, At("one")]).ExitCode);
        var runs = OnRanks(3, _ => [.. line, At("three")]);
        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.Error)));
        Assert.Equal(Rows("one"), Rows("three"));
        Assert.Equal(1 + (2 * 2), Rows("one").Count);

        // Nothing is left to train.
        var again = OnRanks(3, _ => [.. line, At("three")]);
        Assert.DoesNotContain("steps/s", again[0].Output);
        Assert.Equal(Rows("one"), Rows("three"));
    }

    [Fact]
    public void What_all_ranks_lack_is_told_once()
    {
        var runs = OnRanks(3, _ => ["train", .. s_training, "--data", At("nowhere.npy")]);
        Assert.All(runs, run => Assert.Equal(1, run.ExitCode));
        Assert.StartsWith("error: ", runs[0].Error);
        Assert.Contains("nowhere.npy", runs[0].Error);
    }

    [Fact]
    public void What_one_rank_lacks_ends_all_and_names_it()
    {
        var data = TinyImages();
        var runs = OnRanks(2, rank =>
            ["train", .. s_training, "--data", rank == 1 ? At("nowhere.npy") : data, "--out", At("model.safetensors")]);
        Assert.All(runs, run => Assert.Equal(1, run.ExitCode));
        Assert.StartsWith("error: rank 1 of 2: ", runs[0].Error);
        Assert.False(File.Exists(At("model.safetensors")));
    }

    [Fact]
    public void Other_commands_are_refused()
    {
        var runs = OnRanks(2, _ => ["list", Folder]);
        Assert.All(runs, run => Assert.Equal(2, run.ExitCode));
        Assert.Equal(
            "error: list: expected one process, got 2; under mpirun there are experiment, train, resume.",
            runs[0].Error.TrimEnd());
        Assert.All(OnRanks(2, _ => ["list", "--help"]), run => Assert.Equal(0, run.ExitCode));
    }

    [Fact]
    public void A_failure_on_one_rank_while_all_compute_ends_the_job()
    {
        var failures = Assert.Throws<AggregateException>(() => LocalRanks.Run(2, ranks =>
        {
            var shared = new SharedCommand(ranks);
            shared.Begin();
            if (ranks.Rank == 1)
            {
                shared.Fail(new Terminal(TextWriter.Null, TextWriter.Null), ExitCode.Failure, "no more disk.", false);
            }

            ranks.Barrier();
        })).InnerExceptions;
        Assert.Equal("rank 1 of 2 has ended the job with exit code 1.", failures[0].Message);
    }

    [Fact]
    public void A_failure_of_all_ranks_while_they_compute_is_told_by_the_first()
    {
        var errors = new string[2];
        LocalRanks.Run(2, ranks =>
        {
            using var error = new StringWriter();
            var shared = new SharedCommand(ranks);
            shared.Begin();
            Assert.Equal(
                1, shared.Fail(new Terminal(TextWriter.Null, error), ExitCode.Failure, "the loss is NaN.", true));
            errors[ranks.Rank] = error.ToString();
        });
        Assert.Equal("error: the loss is NaN.", errors[0].TrimEnd());
    }

    [Theory]
    [InlineData("sweep")]
    [InlineData("sweep", "--model", "maf")]
    [InlineData("sweep", "--model", "maf", "--vary", "layers")]
    [InlineData("sweep", "--model", "maf", "--vary", "layers=1", "--sections", "models")]
    [InlineData("mixerflow", "--vary", "layers=1")]
    public void A_sweep_needs_a_model_and_options(params string[] arguments) =>
        Failure(2, ["experiment", .. arguments]);

    [Fact]
    public void An_option_that_the_model_lacks_ends_a_sweep() => Assert.Contains(
        "expected one of the options",
        Failure(1, "experiment", "sweep", "--model", "maf", "--vary", "layer=1", "--data", TinyImages(), "--out",
            At("sweep")));

    private static List<Run> OnRanks(int size, Func<int, string[]> arguments)
    {
        var runs = new Run[size];
        LocalRanks.Run(size, ranks =>
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            var exitCode = Application.Run(arguments(ranks.Rank), new Terminal(output, error), default, ranks);
            runs[ranks.Rank] = new(exitCode, output.ToString(), error.ToString());
        });
        return [.. runs];
    }

    private List<string> Files(string run) =>
        [.. Directory.EnumerateFiles(At(run)).Select(file => Path.GetFileName(file)!).Order()];

    private List<double> Losses(string run) =>
    [
        .. File.ReadAllLines(Path.Combine(At(run), "curves.csv")).Skip(1)
            .SelectMany(line => line.Split(',')[2..4])
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
    ];

    // All but the wall time.
    private List<string> Rows(string experiment) =>
    [
        .. File.ReadAllLines(Path.Combine(At(experiment), "experiment.csv"))
            .Select(line => string.Join(' ', line.Split(',').Where((_, column) => column != 7))),
    ];
}
