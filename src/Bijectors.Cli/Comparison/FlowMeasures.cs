using System.Diagnostics;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Measures trained flows on the same test items, within bounds of time, and says what it is at.</summary>
/// <param name="items">The items.</param>
/// <param name="seed">The seed of the noise of levels, the same for all flows.</param>
/// <param name="seconds">For how long test items are scored at most.</param>
/// <param name="display">Shows what is measured.</param>
internal sealed class FlowMeasures(MeasuredItems items, int seed, double seconds, TrainingDisplay display)
{
    public const int NoiseDraws = 5;

    // The largest error of so many items differs little from that of all.
    private const long RoundTripItems = 256;
    private const double SamplingSeconds = 0.5;
    private const int UsualSamples = 256;
    private const int FewSamples = 16;

    /// <summary>Measures a flow.</summary>
    /// <param name="label">What it is called.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="training">Its training.</param>
    /// <param name="own">The seed of what it draws itself.</param>
    public RunMeasures Of(string label, Flow flow, TrainingResult training, int own) =>
        display.Measure(label, progress => Of(flow, training, own, progress));

    /// <summary>How many samples are drawn at once: fewer of a flow that searches for each for long.</summary>
    private static int SamplesAtOnce(Flow flow, Tensor? context, Generator generator)
    {
        using var ungraded = no_grad();
        using var given = context?.to(flow.Dtype, flow.Device);
        flow.Sample(FewSamples, given, generator).Dispose();
        var clock = Stopwatch.StartNew();
        flow.Sample(FewSamples, given, generator).Dispose();
        return clock.Elapsed.TotalSeconds < SamplingSeconds / 2 ? UsualSamples : FewSamples;
    }

    private RunMeasures Of(Flow flow, TrainingResult training, int own, IProgress<string> progress)
    {
        var clock = Stopwatch.StartNew();
        var count = items.Test.shape[0];
        using var losses = Evaluation.Losses(
            flow,
            items.Test,
            items.TestContext,
            draws: NoiseDraws,
            seed: seed,
            limit: TimeSpan.FromSeconds(seconds),
            progress: new Listener<long>(done =>
                progress.Report($"scored {Numbers.Count(done)} of {Numbers.Count(count)} test items")));
        var noisy = flow.Levels is not null || !flow.HasExactLogProb;
        var scored = losses.shape[0] * (noisy ? NoiseDraws : 1) / clock.Elapsed.TotalSeconds;
        progress.Report("round trips");
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)own, flow.Device);
        var first = items.Test.narrow(0, 0, Math.Min(RoundTripItems, count)).to(flow.Dtype, flow.Device);
        var (inner, few, fewContexts) = flow.BehindFirstSteps(
            first, items.TestContext?.narrow(0, 0, first.shape[0]).to(flow.Dtype, flow.Device), generator);
        var oneContext = items.TestContext?[0];
        var roundTrip = Evaluation.RoundTripError(inner, few, fewContexts, own);
        progress.Report("log-determinant against automatic differentiation");
        var logDet = LogDetError.Of(inner, few, fewContexts, own);
        progress.Report("speed of sampling");
        return new RunMeasures(
            flow.ParameterCount,
            training.Steps,
            training.Seconds,
            flow.EventShape.Size,
            losses.data<double>().ToArray(),
            roundTrip,
            logDet?.Error,
            Evaluation.SamplesPerSecond(
                flow, SamplesAtOnce(flow, oneContext, generator), SamplingSeconds, own, oneContext),
            scored,
            training.ItemsPerSecond,
            ValidationTrend.HadConverged(training.History));
    }
}
