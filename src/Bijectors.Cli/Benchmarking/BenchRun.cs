using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Takes the times of one case.</summary>
internal static class BenchRun
{
    private const double LearningRate = 1e-4;

    // Large enough that a matrix product is as fast as it gets, small enough to take milliseconds.
    private const long PeakSize = 1024;
    private const int MoreForGradients = 3;

    /// <summary>Times a case on random points.</summary>
    /// <param name="subject">The case.</param>
    /// <param name="seconds">For how long each of the three is repeated.</param>
    /// <param name="againstEager">Whether the same is done in plain operations of torch, in turn.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static BenchMeasures Of(BenchCase subject, double seconds, bool againstEager, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        using var flow = subject.Create();
        var x = randn([subject.Batch, .. flow.EventShape.ToArray()], ScalarType.Float32, generator: generator);
        var twin = againstEager ? new EagerFlow(flow, subject.Twin) : null;
        BenchTime Time(Action ours, Action<EagerFlow> eager) => twin is null
            ? new(Stopwatches.Median(ours, seconds, cancellation))
            : Stopwatches.Medians(ours, () => eager(twin), seconds, cancellation);

        BenchTime trainStep;
        using (var adam = new FlatAdam(flow))
        {
            var eagerAdam = twin is null ? null : new EagerAdam(twin.State);
            trainStep = Time(() => Train(flow, x, adam), eager => Train(eager, x, eagerAdam!));
        }

        using var ungraded = no_grad();
        var density = Time(() => flow.LogProb(x).Dispose(), eager => eager.LogProb(x).Dispose());
        var sample = Time(
            () => flow.Sample(subject.Samples, generator: generator).Dispose(),
            eager => eager.Sample(subject.Samples, generator).Dispose());
        var operations = MoreForGradients * subject.Batch * flow.MatrixOperations;
        return new(subject, flow.ParameterCount, trainStep, density, sample, operations);
    }

    /// <summary>
    /// The fastest that matrix products of this machine are with the current number of threads, in operations a second.
    /// </summary>
    public static double MatrixPeak(double seconds, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var a = ones(PeakSize, PeakSize, ScalarType.Float32);
        var b = ones(PeakSize, PeakSize, ScalarType.Float32);
        return 2.0 * PeakSize * PeakSize * PeakSize
            / Stopwatches.Median(() => a.mm(b).Dispose(), seconds, cancellation);
    }

    private static void Train(Flow flow, Tensor x, FlatAdam adam)
    {
        using var scope = NewDisposeScope();
        adam.ZeroGradients();
        BackwardPass.Run(-flow.LogProb(x).mean());
        adam.Step(LearningRate);
    }

    private static void Train(EagerFlow flow, Tensor x, EagerAdam adam)
    {
        using var scope = NewDisposeScope();
        adam.ZeroGradients();
        (-flow.LogProb(x).mean()).backward();
        adam.Step(LearningRate);
    }
}
