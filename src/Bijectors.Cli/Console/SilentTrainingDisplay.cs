using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Shows nothing.</summary>
internal sealed class SilentTrainingDisplay : TrainingDisplay
{
    public override TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train) =>
        train(new Listener<TrainingProgress>(_ => { }));

    public override T Measure<T>(string label, Func<IProgress<string>, T> measure) =>
        measure(new Listener<string>(_ => { }));
}
