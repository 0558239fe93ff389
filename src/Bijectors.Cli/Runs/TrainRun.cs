using Bijectors.Data;
using Bijectors.Distributed;
using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One training, from its plan to the saved model.</summary>
internal sealed class TrainRun : IDisposable
{
    private readonly TrainPlan _plan;
    private readonly Dataset _data;
    private readonly TrainPlace _place;
    private readonly TrainingOptions _training;
    private readonly TrainingData _items;
    private readonly Model _kind;
    private readonly object _options;
    private readonly SharedCommand _shared;

    /// <summary>Makes the flow of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="data">Its data.</param>
    /// <param name="place">Where it leaves what it makes.</param>
    /// <param name="shared">The ranks that train it; null for this process alone.</param>
    public TrainRun(TrainPlan plan, Dataset data, TrainPlace place, SharedCommand? shared = null)
    {
        (_plan, _data, _place) = (plan, data, place);
        _shared = shared ?? new(Communicator.Alone);
        set_num_threads(plan.Threads);
        (_kind, _options) = plan.Made();
        _training = plan.Options(data.Levels) with
        {
            Ranks = _shared.Ranks,
            Checkpoints = place.Checkpoints is { } checkpoints
                ? checkpoints with
                {
                    Run = [("model", _kind.Name), ("options of the model", _kind.ToJson(_options).ToJsonString())],
                }
                : null,
        };
        _items = new TrainingData(data.Train, data.Validation, data.Context?.Train, data.Context?.Validation);
        if (plan.Noise > 0 && FlowOfData.HasSteps(data))
        {
            throw new UserException(
                $"--noise: expected items of numbers, got {data.Name} with categories or missing entries, which cannot "
                + "have noise added.");
        }

        Flow = FlowOfData.Create(_kind, _options, data, plan.Seed, plan.ContextDropout > 0);
    }

    public Flow Flow { get; }

    public void Dispose() => Flow.Dispose();

    /// <summary>Trains, saves and measures.</summary>
    /// <param name="display">Shows how the training goes.</param>
    /// <param name="journal">Is told what happens on the way.</param>
    /// <param name="cancellation">Stops the training; what is trained is saved.</param>
    /// <exception cref="OperationCanceledException">It was stopped before the first step.</exception>
    public TrainResult Go(TrainingDisplay display, RunJournal journal, CancellationToken cancellation)
    {
        journal.Note($"{_data}");
        foreach (var warning in _data.Warnings)
        {
            journal.Warn(warning);
        }

        journal.Note($"{_kind.Title}: {Numbers.Count(Flow.ParameterCount)} parameters");
        if (_training.Checkpoints is { Resume: true, File: var file })
        {
            journal.Note(
                File.Exists(file) ? $"Continues from {file}" : $"No checkpoint at {file} yet: the run begins.");
        }

        if (_shared.Ranks.Size > 1)
        {
            journal.Note($"{_shared.Ranks.Size} ranks, each with its share of every batch of {_training.BatchSize}");
        }

        // On all ranks, since a checkpoint of a run is one of the same looks.
        using var watch = LayerWatch.On(Flow, _plan.Layers, _items, _training);
        _shared.Begin();
        var result = display.Show(
            _kind.Title, progress => Fit(watch, journal, journal.Follow(_kind.Title, progress), cancellation));
        if (result.Steps == 0)
        {
            // An untrained flow is not worth the file that may be there.
            throw new OperationCanceledException(cancellation);
        }

        if (!_shared.Writes)
        {
            return Result(result, null);
        }

        journal.Curves(result.History);
        var table = ScoreReference.LogDensities(Flow, _data, _plan.Seed);
        Refuge.Write(_place.Model, Saved(table).Save);
        WriteLayers(journal, watch);
        var test = _data.Test.shape[0] > 0
            ? Evaluation.Likelihood(Flow, _data.Test, _data.Context?.Test, draws: 5, noise: _training.Noise)
            : null;
        var trained = Result(result, test);
        journal.Report(() => RunReport.Of((_kind, _options), Flow, _data, trained, watch, display));
        return trained;
    }

    /// <summary>Puts the best weights of a checkpoint into the flow.</summary>
    /// <exception cref="UserException">There is no checkpoint.</exception>
    public SavedModel BestOfCheckpoint()
    {
        if (_training.Checkpoints is not { Resume: true, File: var file } || !File.Exists(file))
        {
            throw new UserException($"{_place.Model}: expected a checkpoint of the run beside it, found none.");
        }

        // A run that is stopped at once has loaded its checkpoint, keeps the best weights, and writes nothing.
        var watch = LayerWatch.On(Flow, _plan.Layers, _items, _training);
        using (watch)
        {
            Trainer.Train(Flow, _items, Watched(watch), null, new CancellationToken(canceled: true));
        }

        return Saved(ScoreReference.LogDensities(Flow, _data, _plan.Seed));
    }

    private SavedModel Saved(IReadOnlyList<double>? logDensities) => TrainedModel.Of(
        (_kind, _options), Flow, (_data, _plan.Data), (_plan.Seed, _training.Noise, _plan.Spell()), logDensities);

    private TrainingOptions Watched(LayerWatch? watch)
    {
        var noise = Flow.Transform.LogDetNoise
            .Select((generator, i) => ($"estimates{i}", Checkpoint.Part(generator)));
        var training = _training with
        {
            Checkpoints = _training.Checkpoints is { } checkpoints ? checkpoints with { Parts = [.. noise] } : null,
        };
        return watch?.Added(training) ?? training;
    }

    /// <summary>
    /// Trains; where a loss is not finite or a checkpoint cannot be written, what was best before is kept beside the
    /// file, which stays.
    /// </summary>
    private TrainingResult Fit(
        LayerWatch? watch, RunJournal journal, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        var steps = 0L;
        var counting = TrainingCallback.From(now => steps = now.Step, now => journal.CurvesIfDue(now.History));
        try
        {
            var training = Watched(watch);
            return Trainer.Train(
                Flow, _items, training with { Callbacks = [counting, .. training.Callbacks] }, progress, cancellation);
        }
        catch (Exception exception)
            when (_shared.Writes && (exception is NonFiniteLossException { Step: > 1 }
                || (exception is CheckpointException && steps > 0)))
        {
            var path = _place.Model;
            var kept = Path.ChangeExtension(path, $".before-failure{Path.GetExtension(path)}");
            Saved(null).Save(kept);
            throw new UserException(
                $"{exception.Message.TrimEnd('.')}; the best weights before that are kept as '{kept}'.", exception);
        }
    }

    /// <summary>What was seen of the layers, as a table beside the model, and what went wrong in them as
    /// sentences.</summary>
    private void WriteLayers(RunJournal journal, LayerWatch? watch)
    {
        if (watch is not { Snapshots: { Count: > 0 } snapshots })
        {
            return;
        }

        var table = Path.ChangeExtension(_place.Model, ".layers.csv");
        OutputFolder.Open(Path.GetDirectoryName(table)!).Write(Path.GetFileName(table), LayerHistory.ToCsv(snapshots));
        foreach (var finding in LayerHistory.Findings(snapshots))
        {
            journal.Warn($"{finding}.");
        }
    }

    private TrainResult Result(TrainingResult result, Likelihood? test) => new(
        _plan, _kind.Title, Flow.ParameterCount, result, _data.Validation.shape[0], test, Remark(), _place);

    private string Remark() => (Flow.HasEstimatedLogProb ? ", of log-densities that are estimated" : "")
        + (_training.Noise > 0 ? $", of items with noise of deviation {Numbers.Plain(_training.Noise)}" : "");
}
