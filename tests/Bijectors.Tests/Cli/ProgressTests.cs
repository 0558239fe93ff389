using Bijectors.Cli;
using Bijectors.Training;

namespace Bijectors.Tests.Cli;

/// <summary>How far something is: seldom in a log, with the time to go, and of all stages together.</summary>
public sealed class ProgressTests
{
    [Fact]
    public void A_log_gets_fewer_lines_the_longer_it_takes()
    {
        var cadence = Cadence.AtOnce();
        var due = Enumerable.Range(0, 4000).Where(second => cadence.IsDue(TimeSpan.FromSeconds(second))).ToList();
        Assert.Equal([0, 5, 15, 35, 75, 155, 315, 635, 1235, 1835, 2435, 3035, 3635], due);
        Assert.False(Cadence.Later().IsDue(TimeSpan.FromSeconds(4.9)));
    }

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(100_000, "1 d 3 h")]
    public void Times_are_told_in_their_largest_units(double seconds, string expected) =>
        Assert.Equal(expected, ProgressText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_counted_has_a_time_to_go()
    {
        var text = ProgressText.Of("score", "rows", 2500, 10_000, TimeSpan.FromSeconds(30));
        Assert.Equal("score: 2,500 of 10,000 rows, 1 min 30 s to go", text);
        Assert.Equal("score: 0 of 7 rows", ProgressText.Of("score", "rows", 0, 7, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void All_stages_take_as_long_as_those_so_far_on_average()
    {
        var time = new ManualTime();
        var stages = new Stages(5, time);
        stages.Begin();
        Assert.Equal("[1/5] Glow", stages.Label("Glow"));
        time.Now += TimeSpan.FromSeconds(10);

        // 10 seconds so far and 20 to go are 30 each, of which four are left.
        Assert.Equal(TimeSpan.FromSeconds(20 + (4 * 30)), stages.Remaining(TimeSpan.FromSeconds(20)));
        time.Now += TimeSpan.FromSeconds(20);
        stages.End();
        stages.Skip();
        stages.Begin();
        Assert.Equal("[3/5] MAF", stages.Label("MAF"));
        time.Now += TimeSpan.FromSeconds(4);

        // 30 and 10 seconds: 20 each.
        Assert.Equal(TimeSpan.FromSeconds(6 + (2 * 20)), stages.Remaining(TimeSpan.FromSeconds(6)));
        stages.End();
        stages.SkipTo(4);
        stages.Begin();
        Assert.Equal("[5/5] NSF", stages.Label("NSF"));
        Assert.Equal(TimeSpan.FromSeconds(6), stages.Remaining(TimeSpan.FromSeconds(6)));
        Assert.Null(new Stages(1).Remaining(TimeSpan.FromSeconds(6)));
        Assert.Equal("MAF", new Stages(1).Label("MAF"));
    }

    [Fact]
    public void A_line_says_how_far_a_training_is()
    {
        var now = new TrainingProgress(
            3, 120, 0.25, 1.5, 1.25, LossUnit.Nats, 40, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90), false);
        var lines = new List<string>();
        new LineTrainingDisplay(lines.Add, new Stages(1)).Show("MAF", progress =>
        {
            // Of many reports in the same moment one is a line; the last one always is.
            progress.Report(now);
            progress.Report(now);
            progress.Report(now with { Fraction = 1, EpochEnded = true });
            return new TrainingResult
            {
                History = [], BestEpoch = 1, BestStep = 1, BestValidationLoss = null, Unit = LossUnit.Nats, Steps = 1,
                Seconds = 1, ItemsPerSecond = 1, StopReason = StopReason.Completed,
            };
        });
        Assert.Equal(2, lines.Count);
        Assert.Contains(
            "epoch 3, step 120: train 1.500, validation 1.250 nats, 40.0 steps/s, 1 min 30 s to go", lines[0]);
        Assert.EndsWith(", 5 min 0 s of all", ProgressText.Of("MAF", now, TimeSpan.FromMinutes(5)));
    }

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
