using System.Diagnostics;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>A plain line now and then, for logs.</summary>
/// <param name="write">Takes a line.</param>
/// <param name="stages">What the trainings are a part of.</param>
internal sealed class LineTrainingDisplay(Action<string> write, Stages stages) : TrainingDisplay
{
    public override TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        var cadence = Cadence.AtOnce();
        return train(new Listener<TrainingProgress>(now =>
        {
            if ((now.EpochEnded && now.Fraction >= 1) || cadence.IsDue(now.Elapsed))
            {
                write(ProgressText.Of(stages.Label(label), now, stages.Remaining(now.Remaining)));
            }
        }));
    }

    public override T Measure<T>(string label, Func<IProgress<string>, T> measure)
    {
        var clock = Stopwatch.StartNew();
        var cadence = Cadence.AtOnce();
        return measure(new Listener<string>(what =>
        {
            if (cadence.IsDue(clock.Elapsed))
            {
                write($"{stages.Label(label),-13} measured: {what}");
            }
        }));
    }
}
