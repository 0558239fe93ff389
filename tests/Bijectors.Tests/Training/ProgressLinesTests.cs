using Bijectors.Training;

namespace Bijectors.Tests.Training;

public class ProgressLinesTests
{
    [Fact]
    public void A_line_is_written_every_five_seconds_and_at_the_end()
    {
        var writer = new StringWriter();
        var lines = TrainingProgress.Lines(writer);
        foreach (var (seconds, ended) in new[] { (1.0, false), (5.0, false), (7.0, true), (11.0, false), (12.0, true) })
        {
            lines.Report(At(seconds, ended));
        }

        Assert.Equal(
            [
                "42 %, epoch 2, step 50: train 1.250, validation 1.500 nats, 10.0 steps/s, 7 s to go",
                "92 %, epoch 2, step 110: train 1.250, validation 1.500 nats, 10.0 steps/s, 1 s to go",
                "100 %, epoch 2, step 120: train 1.250, validation 1.500 nats, 10.0 steps/s, 0 s to go",
            ],
            writer.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    private static TrainingProgress At(double seconds, bool ended) => new(
        2, (long)(10 * seconds), seconds / 12, 1.25, 1.5, LossUnit.Nats, 10, TimeSpan.FromSeconds(seconds),
        TimeSpan.FromSeconds(12 - seconds), ended);
}
