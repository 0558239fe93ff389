using System.Runtime.InteropServices;
using Bijectors.Cli;
using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

/// <summary>What has been trained outlives signals, full disks and terminals that close.</summary>
public sealed class NothingLostTests : CommandLineTest
{
    private const int Hangup = 1;
    private const string NothingKept = "error: stopped before there was anything to keep.";

    // Signals are delivered at once; a test that waits for one that is lost must end.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Ctrl_c_before_the_first_step_leaves_the_trained_file()
    {
        string[] train = ["train", "--model", "maf", "--data", TinyVectors(), "--steps", "1", "--out", At("m")];
        Assert.Equal(0, Line(train).ExitCode);
        var before = File.ReadAllBytes(At("m"));
        var run = InterruptedAtOnce(train);
        Assert.Equal((130, NothingKept), (run.ExitCode, run.Error.TrimEnd()));
        Assert.Equal(before, File.ReadAllBytes(At("m")));
        Assert.Equal(130, InterruptedAtOnce([.. train[..^1], At("new")]).ExitCode);
        Assert.False(File.Exists(At("new")));
    }

    [Fact]
    public void Ctrl_c_before_the_first_step_leaves_the_report()
    {
        Directory.CreateDirectory(At("o"));
        File.WriteAllText(At("o/report.html"), "of yesterday");
        var run = InterruptedAtOnce("compare", "--models", "maf", "--data", TinyVectors(), "--out", At("o"));
        Assert.Equal((130, NothingKept), (run.ExitCode, run.Error.TrimEnd()));
        Assert.Equal("of yesterday", File.ReadAllText(At("o/report.html")));
    }

    [Fact]
    public void A_model_whose_folder_is_gone_in_the_end_is_kept_elsewhere_and_the_message_says_where()
    {
        var run = Meanwhile(
            () => Block(At("o")),
            ["train", "--model", "maf", "--data", TinyVectors(), "--steps", "3", "--out", At("o/m.safetensors")]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"error: {At("o/m.safetensors")}: expected a file that can be written, got: ", run.Error);
        var place = Place(run.Error);
        SavedModel.Load(place).Dispose();
        File.Delete(place);
    }

    [Fact]
    public void A_report_whose_folder_is_gone_in_the_end_is_kept_elsewhere_and_the_message_says_where()
    {
        var run = Meanwhile(
            () => Block(At("o")),
            [
                "compare", "--models", "maf", "--data", TinyVectors(), "--steps", "3", "--parameters", "3000",
                "--out", At("o"),
            ]);
        Assert.Equal(1, run.ExitCode);
        var place = Place(run.Error);
        Assert.True(File.Exists(Path.Combine(place, "results.json")));
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public void What_was_best_before_a_loss_that_is_not_finite_is_kept_beside_the_file()
    {
        string[] train =
            ["train", "--model", "realnvp", "--data", TinyVectors(), "--warmup", "0", "--clip", "0", "--out"];
        File.WriteAllText(At("m.safetensors"), "of yesterday");
        var error = Failure(1, [.. train, At("m.safetensors"), "--learning-rate", "1e30", "--steps", "50"]);
        Assert.Contains("Training stopped at step", error);
        Assert.EndsWith(
            $"the best weights before that are kept as '{At("m.before-failure.safetensors")}'.", error.TrimEnd());
        SavedModel.Load(At("m.before-failure.safetensors")).Dispose();
        Assert.Equal("of yesterday", File.ReadAllText(At("m.safetensors")));
    }

    [Fact]
    public void Where_no_place_takes_it_the_message_says_so()
    {
        static void Full(string place) => throw new IOException("the disk is full.");
        Assert.Equal(
            "the disk is full; no other place took it either, so what was trained is lost.",
            Assert.Throws<UserException>(() => Refuge.Write("m", Full)).Message);
    }

    [Fact]
    public void A_terminal_that_closes_does_not_end_the_training()
    {
        using var closed = new Closed();
        var terminal = new Terminal(new LastingWriter(closed), new LastingWriter(closed));
        string[] train = ["train", "--model", "maf", "--data", TinyVectors(), "--steps", "2", "--out", At("m")];
        Assert.Equal(0, Application.Run(train, terminal, default));
        SavedModel.Load(At("m")).Dispose();
    }

    [HangupFact]
    public void The_end_of_the_terminal_stops_the_training_and_may_be_told_twice()
    {
        using var heard = new SemaphoreSlim(0);
        using var listener = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => heard.Release());
        using var interruption = new Interruption();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0, Kill(Environment.ProcessId, Hangup));
            Assert.True(heard.Wait(s_patience));
            Assert.True(interruption.Token.WaitHandle.WaitOne(s_patience));
        }
    }

    [Fact]
    public void Pipes_and_devices_are_no_files_to_write_and_it_is_said_before_anything_is_trained()
    {
        Pipe.Make(At("pipe"));
        Assert.Contains("got: a pipe or a device", Failure(1, "train", "--out", At("pipe")));
        Assert.Contains("got: a pipe or a device", Failure(1, "train", "--out", "/dev/null"));
    }

    [Theory]
    [InlineData("100000")]
    [InlineData("0")]
    public void Threads_are_as_many_as_the_machine_can_use(string threads)
        => Assert.Contains("--threads: expected a whole number from 1 to ", Failure(2, "train", "--threads", threads));

    [Fact]
    public void Sizes_that_no_memory_holds_are_a_sentence()
    {
        string[] train = ["train", "--model", "realnvp", "--data", TinyVectors(), "--out", At("m"), "--set"];
        Assert.Contains("of the memory there is, got", Failure(1, [.. train, "hidden=2000000000"]));
        Assert.Contains(
            "expected at most 10000 layers one after another",
            Failure(1, [.. train, "couplings=1000000", "--set", "hidden=1"]));
    }

    /// <summary>Puts a file where a folder was.</summary>
    private static void Block(string folder)
    {
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "in the way");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static string Place(string error)
    {
        Assert.Contains("what was trained is kept as '", error);
        return error.Split('\'')[^2];
    }

    private sealed class Closed : StringWriter
    {
        public override void Write(char value) => throw new IOException("Input/output error");

        public override void Write(string? value) => throw new IOException("Input/output error");

        public override void Write(char[] buffer, int index, int count) => throw new IOException("Input/output error");
    }

    /// <summary>Skipped where this process was started such that it outlives its terminal (nohup).</summary>
    private sealed class HangupFactAttribute : FactAttribute
    {
        public HangupFactAttribute() => Skip = IsIgnored() ? "SIGHUP is ignored in this process" : null;

        private static bool IsIgnored()
        {
            const string Ignored = "SigIgn:";
            const string Status = "/proc/self/status";
            var mask = File.Exists(Status)
                ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal))
                : null;
            return mask is not null && (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) & 1) != 0;
        }
    }
}
