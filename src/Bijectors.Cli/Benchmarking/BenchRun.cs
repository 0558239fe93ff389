using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

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
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static BenchMeasures Of(BenchCase subject, double seconds, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        using var flow = subject.Create();
        var x = randn([subject.Batch, .. flow.EventShape.ToArray()], generator: generator);
        double trainStep;
        using (var adam = new FlatAdam(flow))
        {
            trainStep = Stopwatches.Median(() => Train(flow, x, adam), seconds, cancellation);
        }

        using var ungraded = no_grad();
        var density = Stopwatches.Median(() => flow.LogProb(x).Dispose(), seconds, cancellation);
        var sample = Stopwatches.Median(() => flow.Sample(subject.Samples, generator: generator).Dispose(), seconds, cancellation);
        var operations = MoreForGradients * subject.Batch * MatrixWork.PerItem(flow);
        return new(subject, flow.ParameterCount, trainStep, density, sample, operations);
    }

    /// <summary>The fastest that matrix products of this machine are with the threads at hand, in operations a second.</summary>
    public static double MatrixPeak(double seconds, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var a = ones(PeakSize, PeakSize);
        var b = ones(PeakSize, PeakSize);
        return 2.0 * PeakSize * PeakSize * PeakSize / Stopwatches.Median(() => a.mm(b).Dispose(), seconds, cancellation);
    }

    private static void Train(Flow flow, Tensor x, FlatAdam adam)
    {
        using var scope = NewDisposeScope();
        adam.ZeroGradients();
        BackwardPass.Run(-flow.LogProb(x).mean());
        adam.Step(LearningRate);
    }
}
