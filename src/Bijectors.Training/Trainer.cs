using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Trains a module by an objective: batches, Adam, and the weights of the best validation kept at the end. Short: a
/// flow by maximum likelihood, with shuffled batches and fresh dequantization noise for each.
/// </summary>
/// <remarks>
/// Random numbers come from generators of its own; the global random state is never touched. The module may be on any
/// device; the data may stay on the CPU. Call it on one thread only for one module.
/// </remarks>
public static class Trainer
{
    /// <summary>Trains a flow in place, by <see cref="MaximumLikelihood"/>.</summary>
    /// <param name="flow">The flow. It must not be moved or converted during the run.</param>
    /// <param name="data">What to train on and to choose the best epoch by.</param>
    /// <param name="options">How; <c>new TrainingOptions()</c> if null.</param>
    /// <param name="progress">Receives every epoch, and about five reports a second in between, on the training
    /// thread.</param>
    /// <param name="cancellation">Stops the run after the current step; what is trained is validated and kept.</param>
    /// <returns>The history of the run. The flow holds the weights of the best epoch.</returns>
    /// <exception cref="NonFiniteLossException">The loss or its gradient became NaN or infinite.</exception>
    /// <exception cref="CheckpointException">A checkpoint cannot be read or written, or belongs to another
    /// run.</exception>
    /// <exception cref="ShapeException">Items or context do not fit the flow.</exception>
    /// <exception cref="ArgumentException">An option is out of range, there are no items, or the flow has nothing to
    /// train.</exception>
    public static TrainingResult Train(
        Flow flow, TrainingData data, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainingOptions();
        options.Check();
        data.Check(flow);
        var objective = new MaximumLikelihood(
            flow, data.Validation, data.ValidationContext, options.ValidationDraws, options.BatchSize,
            options.Noise, options.ContextDropout);
        var source = BatchSource.Items(data.Train, data.TrainContext, options.BatchSize);
        return Train(objective, source, options, progress, cancellation);
    }

    /// <summary>Trains the module of an objective in place.</summary>
    /// <param name="objective">What is trained, and for what. The module must not be moved or converted during the
    /// run.</param>
    /// <param name="source">Where batches come from; <see cref="BatchSource.Empty"/> for an objective that needs
    /// none.</param>
    /// <param name="options">How; <c>new TrainingOptions()</c> if null.</param>
    /// <param name="progress">Receives every epoch, and about five reports a second in between, on the training
    /// thread.</param>
    /// <param name="cancellation">Stops the run after the current step; what is trained is validated and kept.</param>
    /// <returns>The history of the run. The module holds the weights of the best epoch.</returns>
    /// <exception cref="NonFiniteLossException">The loss or its gradient became NaN or infinite.</exception>
    /// <exception cref="CheckpointException">A checkpoint cannot be read or written, or belongs to another
    /// run.</exception>
    /// <exception cref="ShapeException">Batches do not fit the objective, or its loss is not one number.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the module has nothing to train.</exception>
    public static TrainingResult Train(
        Objective objective, BatchSource source, TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new TrainingOptions();
        options.Check();
        options.Checkpoints?.Check();

        var module = objective.Module;
        var wasTraining = module.training;
        using var scope = NewDisposeScope();
        try
        {
            module.train();
            using var run = new TrainingRun(objective, source, options, progress);
            return run.Execute(cancellation);
        }
        finally
        {
            module.train(wasTraining);
        }
    }
}
