using Bijectors.KillResume;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

/// <summary><c>bijectors train --checkpoint</c>: stopped and killed runs go on to the same file.</summary>
public sealed class CheckpointCommandTests : CommandLineTest
{
    // Many small steps: a kill finds the run somewhere among them, and the file is the same wherever that is.
    private static readonly string[] Long = ["--model", "realnvp", "--steps", "400", "--batch", "20", "--ema", "0.9"];

    [Fact]
    public void A_run_that_ctrl_c_stops_goes_on_to_the_same_file()
    {
        string[] train = ["train", "--model", "maf", "--data", TinyImages(), "--steps", "40", "--batch", "20"];
        Assert.Equal(0, Line([.. train, "--out", At("whole")]).ExitCode);
        string[] saved = [.. train, "--out", At("m"), "--checkpoint", At("run")];
        var stopped = Interrupted(saved);
        Assert.Equal((130, true), (stopped.ExitCode, File.Exists(At("run"))));
        Assert.NotEqual(File.ReadAllBytes(At("whole")), File.ReadAllBytes(At("m")));
        var resumed = Line([.. saved, "--resume"]);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains($"Continues from {At("run")}", resumed.Output);
        Assert.Equal(File.ReadAllBytes(At("whole")), File.ReadAllBytes(At("m")));
    }

    [Fact]
    public void A_run_that_is_killed_again_and_again_goes_on_to_the_same_file()
    {
        string[] training = [.. Long, "--data", TinyVectors()];
        var expected = KilledRun.Undisturbed(Folder, training);
        var run = new KilledRun(Folder, training, every: "1");
        for (var kill = 0; kill < 3; kill++)
        {
            // As soon as it has written something, or once it has ended, which a busy machine may see first.
            var before = Written(run);
            run.Go(process =>
            {
                while (Written(run) == before && !process.HasExited)
                {
                    Thread.Sleep(1);
                }

                return true;
            });
        }

        Assert.True(run.Steps() > 0);
        Assert.Equal(expected, run.Go());
    }

    [Fact]
    public void A_folder_and_an_interval_in_seconds_may_be_given()
    {
        Directory.CreateDirectory(At("runs"));
        string[] train =
        [
            "train", "--model", "maf", "--data", TinyVectors(), "--steps", "3", "--out", At("m"),
            "--checkpoint", At("runs"), "--checkpoint-every", "0.5s",
        ];
        var run = Line([.. train, "--resume"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("yet: the run begins.", run.Output);
        Assert.True(File.Exists(Path.Combine(At("runs"), Checkpoints.FileName)));
        Assert.Contains("expected no checkpoint where a run begins", Failure(1, train));
    }

    [Fact]
    public void A_checkpoint_of_another_run_or_a_damaged_one_is_a_sentence()
    {
        string[] train =
        [
            "train", "--data", TinyVectors(), "--steps", "3", "--out", At("m"),
            "--checkpoint", At("run"), "--resume", "--model",
        ];
        Assert.Equal(0, Line([.. train, "maf"]).ExitCode);
        Assert.Contains("whose model is 'realnvp', got one of a run with 'maf'", Failure(1, [.. train, "realnvp"]));
        Assert.Contains("whose options of the model is", Failure(1, [.. train, "maf", "--set", "layers=2"]));
        Assert.Contains("whose seed is '1'", Failure(1, [.. train, "maf", "--seed", "1"]));
        File.WriteAllBytes(At("run"), File.ReadAllBytes(At("run"))[..^8]);
        Assert.Contains("the file is cut short", Failure(1, [.. train, "maf"]));
        Assert.Contains("expected --checkpoint PATH", Failure(2, "train", "--resume"));
        Assert.Contains("expected --checkpoint PATH", Failure(2, "train", "--checkpoint-every"));
        Assert.Contains("expected --model and --vary for a sweep", Failure(2, "experiment", "mixerflow", "--model"));
        string[] often = ["train", "--checkpoint", "x", "--checkpoint-every", "often"];
        Assert.Contains("as in 500 or 30s, got 'often'", Failure(2, often));
    }

    [Fact]
    public void Where_a_checkpoint_cannot_be_written_what_was_trained_is_kept()
    {
        var run = Meanwhile(
            () =>
            {
                Directory.Delete(At("runs"), recursive: true);
                File.WriteAllText(At("runs"), "in the way");
            },
            [
                "train", "--model", "maf", "--data", TinyVectors(), "--steps", "300", "--out", At("m.safetensors"),
                "--checkpoint", At("runs/run"), "--checkpoint-every", "1000",
            ]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"are kept as '{At("m.before-failure.safetensors")}'", run.Error);
        SavedModel.Load(At("m.before-failure.safetensors")).Dispose();
    }

    private static DateTime Written(KilledRun run) => File.GetLastWriteTimeUtc(run.Checkpoint);
}
