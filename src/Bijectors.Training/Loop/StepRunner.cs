using Bijectors.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// One update: a batch or several, their loss, gradients, clipping, Adam, the running average.
/// </summary>
internal sealed class StepRunner : ICheckpointed, IDisposable
{
    // Handles of tensors look small to the collector, which lets its youngest generation grow by tens of megabytes
    // before it looks at them. A look now and then costs less than a thousandth of the time and keeps the memory of a
    // run where it was after its first steps.
    private const int CollectEvery = 100;

    private readonly Objective _objective;
    private readonly TrainingOptions _options;
    private readonly Batches _batches;
    private readonly Generator _noise;
    private readonly Communicator _ranks;
    private readonly GradientExchange? _exchange;

    public StepRunner(Objective objective, BatchSource source, TrainingOptions options, bool resumes)
    {
        (_objective, _options, _ranks) = (objective, options, options.Ranks);
        _batches = source.Open(options.Seed);
        _noise = new Generator((ulong)options.Seed + 1, objective.NoiseDevice ?? source.Device);
        if (options.Initialize && !resumes)
        {
            Initialize(source);
        }

        Adam = new FlatAdam(
            objective.Module, options.Optimizer, weightDecay: options.WeightDecay, groups: options.Groups);
        if (_ranks.Size > 1)
        {
            RankTensors.Start(_ranks, objective.Module, Adam.Parameters);
            _exchange = new(_ranks, Adam.Parameters, options.Overlap ? objective.PassedOnce : null);
        }

        Average = options.EmaDecay > 0 ? new WeightAverage(Adam, options.EmaDecay) : null;
    }

    public FlatAdam Adam { get; }

    /// <summary>The running average of the weights; null without one.</summary>
    public WeightAverage? Average { get; }

    public long StepsPerEpoch => (_batches.PerEpoch + _options.Accumulation - 1) / _options.Accumulation;

    /// <summary>True where the last step has ended an epoch.</summary>
    public bool EpochEnded => _batches.AtEpochStart;

    /// <summary>The number of updates so far.</summary>
    public long Steps => Adam.Steps;

    /// <summary>
    /// Makes one update and gives the mean loss of its items as the objective computes it, their number, and the norm
    /// of the gradient.
    /// </summary>
    /// <exception cref="NonFiniteLossException">The loss or its gradient is not finite; the weights are as before the
    /// step.</exception>
    public (double Loss, long Items, double GradientNorm) Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        Adam.ZeroGradients();
        var (loss, items, batches) = (0.0, 0L, 0);
        Batch batch;
        Tensor before;
        do
        {
            before = _noise.get_state();
            batch = _batches.Next();
            using var sending = IsLast(batches) ? _exchange?.During() : null;
            var (each, count) = AddGradient(batch, before);
            loss = batches == 0 ? each : ((loss * items) + (each * count)) / (items + count);
            items += count;
            batches++;
        }
        while (!IsLast(batches - 1));

        loss = SumOverRanks(loss, batch, before);
        if (_options.Accumulation > 1)
        {
            Adam.ScaleGradients(1.0 / items);
        }

        var norm = Adam.ClipGradients(_options.ClipNorm);
        if (!double.IsFinite(norm))
        {
            throw NonFinite($"the norm of the gradient is {norm}", batch, before, Gradient());
        }

        Adam.Step(learningRate);
        Average?.Update();
        if (Steps % CollectEvery == 0)
        {
            GC.Collect(0);
        }

        return (loss, items, norm);
    }

    private (string Name, ICheckpointed? Part)[] Parts =>
        [("adam", Adam), ("average", Average), ("batches", _batches)];

    public void Save(CheckpointState state)
    {
        state.Put("module", _objective.Module);
        state.Put("noise", _noise);
        foreach (var (name, part) in Parts)
        {
            state.Put(name, part);
        }
    }

    public void Load(CheckpointState state)
    {
        state.Restore("module", _objective.Module);
        state.Restore("noise", _noise);
        foreach (var (name, part) in Parts)
        {
            state.Restore(name, part);
        }
    }

    public void Dispose()
    {
        Average?.Dispose();
        Adam.Dispose();
        _noise.Dispose();
        _batches.Dispose();
    }

    private void Initialize(BatchSource source)
    {
        using var scope = NewDisposeScope();
        using var first = source.Open(_options.Seed);
        _objective.Initialize(first.Next(), _noise);
    }

    /// <summary>Whether the batch behind so many of an update is its last.</summary>
    private bool IsLast(int batches) => batches + 1 >= _options.Accumulation || _batches.AtEpochStart;

    /// <summary>Adds up what the ranks have of gradient and loss.</summary>
    private double SumOverRanks(double loss, Batch batch, Tensor noiseBefore)
    {
        if (_exchange is null)
        {
            return loss;
        }

        _exchange.Finish();
        Span<double> sum = [loss];
        _ranks.Sum(sum);

        // Only now: a rank that stops by itself lets the others wait for it.
        return double.IsFinite(sum[0]) ? sum[0] : throw NotFinite(sum[0], batch, noiseBefore);
    }

    /// <summary>Adds the gradient of a batch, of its items on this rank, and gives what they add to its loss.</summary>
    private (double Loss, long Items) AddGradient(Batch batch, Tensor noiseBefore)
    {
        using var scope = NewDisposeScope();
        var loss = Loss(batch);
        var value = loss.ToDouble();
        if (!double.IsFinite(value) && _ranks.Size == 1)
        {
            throw NotFinite(value, batch, noiseBefore);
        }

        // Objectives that draw all they need have empty batches; each of those counts the same.
        var items = Math.Max(1, batch.Count);
        var share = batch.Count == 0 ? 1.0 / _ranks.Size : (double)_ranks.Share(items).Count / items;
        if (share > 0 && double.IsFinite(value))
        {
            BackwardPass.Run(_options.Accumulation > 1
                ? loss * (share * items / _objective.Dimensions)
                : loss / (_objective.Dimensions / share));
        }

        return (share > 0 ? share * value : 0, items);
    }

    /// <summary>The loss of a batch, of its items on this rank.</summary>
    private Tensor Loss(Batch batch)
    {
        var loss = _ranks.Size == 1
            ? _objective.Loss(batch, _noise)
            : _objective.SharedLoss(batch, _noise, _ranks);
        if (loss is null)
        {
            throw new InvalidOperationException(
                $"{_objective.GetType().Name}.Loss: expected a tensor of one number, got null.");
        }

        if (loss.numel() != 1)
        {
            throw new ShapeException(
                $"{_objective.GetType().Name}.Loss",
                "expected one number, ()",
                $"got ({string.Join(", ", loss.shape)})");
        }

        return loss.requires_grad || !double.IsFinite(loss.ToDouble()) ? loss : throw new InvalidOperationException(
            $"{_objective.GetType().Name}.Loss: expected a loss that depends on the parameters of its module, got "
            + "one without a gradient; compute it by the module, without no_grad, detach or item.");
    }

    private NonFiniteLossException NotFinite(double loss, Batch batch, Tensor noiseBefore) => NonFinite(
        $"the loss is {loss}", batch, noiseBefore, $"it is what {_objective.GetType().Name} makes of a batch");

    private NonFiniteLossException NonFinite(string what, Batch batch, Tensor noiseBefore, string otherwise)
    {
        // The same noise again.
        _noise.set_state(noiseBefore);
        return new NonFiniteLossException(Steps + 1, what, _objective.Explain(batch, _noise) ?? otherwise);
    }

    private string Gradient() => Adam.Parameters.FirstNonFiniteGradient() is { } name
        ? $"every layer is finite, the first gradient that is not belongs to {name}"
        : "every layer and gradient is finite, but the sum of their squares overflows";
}
