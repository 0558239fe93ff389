using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Measures trained flows on the same test items, within bounds of time, and says what it is at.</summary>
internal sealed class FlowMeasures(MeasuredItems items, ComparisonPlan plan, TrainingDisplay display)
{
    public const int NoiseDraws = 5;

    // The largest error of so many items differs little from that of all.
    private const long RoundTripItems = 256;
    private const double SamplingSeconds = 0.5;

    public RunMeasures Of(string label, Flow flow, TrainingResult training, int seed) =>
        display.Measure(label, progress => Of(flow, training, seed, progress));

    private RunMeasures Of(Flow flow, TrainingResult training, int seed, IProgress<string> progress)
    {
        var count = items.Test.shape[0];
        using var losses = Evaluation.Losses(
            flow,
            items.Test,
            items.TestContext,
            draws: NoiseDraws,
            seed: plan.Training.Seed,
            limit: TimeSpan.FromSeconds(plan.EvaluationSeconds),
            progress: new Listener<long>(done =>
                progress.Report($"scored {Numbers.Count(done)} of {Numbers.Count(count)} test items")));
        progress.Report("round trips");
        using var few = items.Test.narrow(0, 0, Math.Min(RoundTripItems, count));
        using var fewContexts = items.TestContext?.narrow(0, 0, few.shape[0]);
        using var oneContext = items.TestContext?[0];
        var roundTrip = Evaluation.RoundTripError(flow, few, fewContexts, seed);
        progress.Report("log-determinant against automatic differentiation");
        var logDet = LogDetError.Of(flow, items.Test, items.TestContext, seed);
        progress.Report("speed of sampling");
        return new RunMeasures(
            flow.ParameterCount,
            training.Steps,
            training.Seconds,
            flow.EventShape.Size,
            losses.data<double>().ToArray(),
            roundTrip,
            logDet?.Error,
            Evaluation.SamplesPerSecond(flow, seconds: SamplingSeconds, seed: seed, context: oneContext),
            training.ItemsPerSecond,
            ValidationTrend.HadConverged(training.History));
    }
}
