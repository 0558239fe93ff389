using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// One update: a batch, its loss in nats per dimension, gradients, clipping, Adam, the running average.
/// </summary>
internal sealed class StepRunner : IDisposable
{
    // Handles of tensors look small to the collector, which lets its youngest generation grow by tens of megabytes before it looks at them. A look now
    // and then costs less than a thousandth of the time and keeps the memory of a run where it was after its first steps.
    private const int CollectEvery = 100;

    private readonly Flow _flow;
    private readonly TrainingOptions _options;
    private readonly Placement _placement;
    private readonly Minibatches _batches;
    private readonly Generator _noise;
    private readonly FlatAdam _adam;
    private readonly double _dimensions;

    public StepRunner(Flow flow, TrainingData data, TrainingOptions options)
    {
        (_flow, _options) = (flow, options);
        _placement = Placement.Of(flow);
        _dimensions = flow.EventShape.Size;
        _batches = new Minibatches(data.Train, data.TrainContext, options.BatchSize, options.Seed);
        _noise = new Generator((ulong)options.Seed + 1, data.Train.device);
        if (options.Initialize)
        {
            Initialize(data, options);
        }

        Parameters = new FlatParameters(flow);
        _adam = new FlatAdam(Parameters, options.Optimizer, weightDecay: options.WeightDecay);
        Average = options.EmaDecay > 0 ? new WeightAverage(Parameters, options.EmaDecay) : null;
    }

    public FlatParameters Parameters { get; }

    /// <summary>The running average of the weights; null without one.</summary>
    public WeightAverage? Average { get; }

    public long StepsPerEpoch => _batches.PerEpoch;

    /// <summary>True where the last step has ended an epoch.</summary>
    public bool EpochEnded => _batches.AtEpochStart;

    /// <summary>The number of updates so far.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// Makes one update and gives the mean <c>-log p</c> of its batch in nats, and its number of items.
    /// </summary>
    /// <exception cref="NonFiniteLossException">The loss or its gradient is not finite; the weights are as before the
    /// step.</exception>
    public (double Nats, long Items) Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        var (x, context) = Next(_batches);
        _adam.ZeroGradients();
        var loss = -_flow.LogProb(x, context).mean();
        var nats = loss.ToDouble();
        if (!double.IsFinite(nats))
        {
            throw NonFinite(FormattableString.Invariant($"the loss is {nats}"), x, context);
        }

        BackwardPass.Run(loss / _dimensions);
        Clip(x, context);
        _adam.Step(learningRate);
        Average?.Update();
        Steps++;
        if (Steps % CollectEvery == 0)
        {
            GC.Collect(0);
        }

        return (nats, x.size(0));
    }

    public void Dispose()
    {
        Average?.Dispose();
        _adam.Dispose();
        Parameters.Dispose();
        _noise.Dispose();
        _batches.Dispose();
    }

    private void Initialize(TrainingData data, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var first = new Minibatches(data.Train, data.TrainContext, options.BatchSize, options.Seed);
        var (x, context) = Next(first);
        _flow.Initialize(x, context);
    }

    private (Tensor X, Tensor? Context) Next(Minibatches batches)
    {
        var (items, context) = batches.Next();
        return (_placement.Place(_flow.Dequantize(items, _noise)), context is null ? null : _placement.Place(context));
    }

    private void Clip(Tensor x, Tensor? context)
    {
        var norm = Parameters.GradientNorm();
        if (!double.IsFinite(norm))
        {
            throw NonFinite(FormattableString.Invariant($"the norm of the gradient is {norm}"), x, context);
        }

        if (norm > _options.ClipNorm)
        {
            Parameters.Gradients.mul_(_options.ClipNorm.Value / norm);
        }
    }

    private NonFiniteLossException NonFinite(string what, Tensor x, Tensor? context)
    {
        var place = NonFiniteSearch.InForward(_flow, x, context)
            ?? (Parameters.FirstNonFiniteGradient() is { } name
                ? $"every layer is finite, the first gradient that is not belongs to {name}"
                : "every layer and gradient is finite, but the sum of their squares overflows");
        return new NonFiniteLossException(Steps + 1, what, place);
    }
}
