using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Trains a flow by maximum likelihood: shuffled batches, fresh dequantization noise for each, Adam, and the weights of
/// the best validation epoch kept at the end.
/// </summary>
/// <remarks>
/// Random numbers come from generators of its own; the global random state is never touched. The flow may be on any
/// device; the data may stay on the CPU. Call it on one thread only for one flow.
/// </remarks>
public static class Trainer
{
    /// <summary>Trains a flow in place.</summary>
    /// <param name="flow">The flow. It must not be moved or converted during the run.</param>
    /// <param name="data">What to train on and to choose the best epoch by.</param>
    /// <param name="options">How; <c>new TrainingOptions()</c> if null.</param>
    /// <param name="progress">Hears of every epoch, and about five times a second in between, on the training
    /// thread.</param>
    /// <param name="cancellation">Stops the run after the current step; what is trained is validated and kept.</param>
    /// <returns>The history of the run. The flow holds the weights of the best epoch.</returns>
    /// <exception cref="NonFiniteLossException">The loss or its gradient became NaN or infinite.</exception>
    /// <exception cref="ShapeException">Items or context do not fit the flow.</exception>
    /// <exception cref="ArgumentException">An option is out of range, there are no items, or the flow has nothing to
    /// train.</exception>
    public static TrainingResult Train(
        Flow flow,
        TrainingData data,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new TrainingOptions();
        options.Check();
        data.Check(flow);

        var wasTraining = flow.training;
        using var scope = NewDisposeScope();
        try
        {
            flow.train();
            using var run = new TrainingRun(flow, data, options, progress);
            return run.Execute(cancellation);
        }
        finally
        {
            flow.train(wasTraining);
        }
    }
}
