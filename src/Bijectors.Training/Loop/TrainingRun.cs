using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>One run from the first batch, or from a checkpoint, to the restored best weights.</summary>
internal sealed class TrainingRun : ICheckpointed, IDisposable
{
    private readonly Objective _objective;
    private readonly TrainingOptions _options;
    private readonly double _lossScale;
    private readonly StepRunner _steps;
    private readonly RunLimits _limits;
    private readonly BestWeights _best;
    private readonly EarlyStopping _stopping;
    private readonly ProgressReports _reports;
    private readonly List<EpochRecord> _history = [];
    private readonly TrainingMoment _moment;
    private readonly RunSaver? _saver;
    private readonly Clock _run;
    private readonly Clock _training;
    private readonly Clock _validating;
    private double? _validation;
    private int _epoch;
    private int _validationsDue = 1;
    private long _items;
    private (double Loss, long Items) _stretch;

    public TrainingRun(
        Objective objective,
        BatchSource source,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        (_run, _training, _validating) = (new(time), new(time), new(time));
        (_objective, _options) = (objective, options);
        _lossScale = objective.Scale(objective.Unit);
        _steps = new StepRunner(objective, source, options, resumes: RunSaver.Resumes(options));
        _limits = new RunLimits(options, _steps.StepsPerEpoch, objective.MoreIsBetter);
        _best = new BestWeights(objective.Module, _steps.Adam);
        _stopping = new EarlyStopping(options.Patience, objective.MoreIsBetter);
        _reports = new ProgressReports(progress, _limits, objective.Unit);
        _moment = new TrainingMoment(objective.Module, _history);
        _saver = options.Checkpoints is { } checkpoints
            ? new RunSaver(checkpoints, RunIdentity.Of(objective, source, options, _steps.Adam), this)
            : null;
    }

    public TrainingResult Execute(CancellationToken cancellation)
    {
        try
        {
            _saver?.Load();
            _run.Start();
            _saver?.Begin(_steps.Steps, _run.Elapsed);
            var reason = _stretch.Items > 0 || _steps.Steps == 0 ? null : Ended();
            reason ??= cancellation.IsCancellationRequested ? StopReason.Cancelled : null;
            while (reason is null)
            {
                reason = Advance(cancellation);
            }

            return Result(reason.Value);
        }
        finally
        {
            _best.Restore();
        }
    }

    public void Save(CheckpointState state)
    {
        state.Put("steps", _steps);
        state.Put("best", _best);
        state.Put("stopping", _stopping);
        state.Put("run", _run);
        state.Put("training", _training);
        state.Put("validating", _validating);
        state.Put("epoch", _epoch);
        state.Put("validationsDue", _validationsDue);
        state.Put("items", _items);
        state.Put("stretchLoss", _stretch.Loss);
        state.Put("stretchItems", _stretch.Items);
        state.Put("history", RecordJson.Write(_history));
        if (_validation is { } validation)
        {
            state.Put("validation", validation);
        }
    }

    public void Load(CheckpointState state)
    {
        state.Restore("steps", _steps);
        state.Restore("best", _best);
        state.Restore("stopping", _stopping);
        state.Restore("run", _run);
        state.Restore("training", _training);
        state.Restore("validating", _validating);
        _epoch = (int)state.Whole("epoch");
        _validationsDue = (int)state.Whole("validationsDue");
        _items = state.Whole("items");
        _stretch = (state.Real("stretchLoss"), state.Whole("stretchItems"));
        _history.AddRange(RecordJson.ReadHistory(state.Text("history")));
        _validation = state.Has("validation") ? state.Real("validation") : null;
    }

    public void Dispose()
    {
        _best.Dispose();
        _steps.Dispose();
    }

    /// <summary>
    /// An update, and what follows it: where an epoch or a part of one ends, a validation and a record of the history;
    /// a checkpoint, where one is due.
    /// </summary>
    private StopReason? Advance(CancellationToken cancellation)
    {
        Update();
        var ends = _steps.EpochEnded || Completed || ValidationDue;
        var reason = ends ? EndStretch(IsStopping(cancellation)) : null;
        var stops = IsStopping(cancellation);
        _saver?.SaveIfDue(_steps.Steps, _run.Elapsed, always: stops || reason is not null);
        if (!stops)
        {
            return reason;
        }

        // Behind the checkpoint: a run that goes on from there has no such record.
        if (_stretch.Items > 0)
        {
            EndStretch(stops);
        }

        return cancellation.IsCancellationRequested ? StopReason.Cancelled : StopReason.Callback;
    }

    private void Update()
    {
        _epoch += _steps.EpochEnded ? 1 : 0;
        var learningRate = _limits.LearningRate(_steps.Steps, _run.Elapsed.TotalSeconds, _history);
        _training.Start();
        var step = _steps.Step(learningRate);
        _training.Stop();
        _stretch = (_stretch.Loss + step.Loss * step.Items * _lossScale, _stretch.Items + step.Items);
        (_moment.Epoch, _moment.Step, _moment.LearningRate) = (_epoch, _steps.Steps, learningRate);
        (_moment.Loss, _moment.GradientNorm) = (step.Loss * _lossScale, step.GradientNorm);
        Report(recordEnded: false);
        foreach (var callback in _options.Callbacks)
        {
            _moment.Fraction = Done;
            callback.AfterStep(_moment);
        }
    }

    /// <summary>Writes a record of the history: an epoch, or a part of one up to a validation within it.</summary>
    private StopReason? EndStretch(bool stops)
    {
        _items += _stretch.Items;
        // The last validation is never left out.
        var validates = HasTimeToValidate || Completed || stops;
        if (validates)
        {
            Validate();
        }

        _history.Add(new(
            _epoch,
            _steps.Steps,
            _run.Elapsed.TotalSeconds,
            _stretch.Loss / _stretch.Items,
            validates ? _validation : null,
            _moment.LearningRate));
        Report(recordEnded: true);
        _stretch = default;
        foreach (var callback in _options.Callbacks)
        {
            callback.AfterValidation(_moment);
        }

        return validates ? Ended() : null;
    }

    /// <summary>Why a run is over behind a record, if it is.</summary>
    private StopReason? Ended() => Completed ? StopReason.Completed
        : _steps.EpochEnded && _stopping.IsDue(_epoch) ? StopReason.EarlyStop
        : null;

    private bool IsStopping(CancellationToken cancellation) =>
        cancellation.IsCancellationRequested || _moment.IsStopping;

    private double Done => _limits.Done(_steps.Steps, _run.Elapsed.TotalSeconds);

    private bool Completed => Done >= 1;

    /// <summary>The validations that are spread over the run and belong to what is done by now.</summary>
    private int Spread => (int)Math.Floor(Done * _options.Validations + 1e-9);

    private bool ValidationDue => Spread >= _validationsDue && HasTimeToValidate;

    private bool HasTimeToValidate =>
        _options.ValidationShare is not { } share || _validating.Elapsed <= share * _run.Elapsed;

    private void Validate()
    {
        _validating.Start();
        _steps.Average?.Enter();
        try
        {
            var score = Score();
            _validation = score?.Value * _objective.Scale(_objective.ValidationUnit);
            if (_stopping.Offer(_epoch, _steps.Steps, score))
            {
                _best.Keep();
            }
        }
        finally
        {
            _steps.Average?.Leave();
        }

        _validationsDue = Spread + 1;
        _validating.Stop();
    }

    private ValidationScore? Score()
    {
        using var inside = new EvaluationScope(_objective.Module);
        return _objective.Validate(_options.Seed + 2);
    }

    private void Report(bool recordEnded) => _reports.Report(
        _epoch,
        _steps.Steps,
        _stretch.Loss / _stretch.Items,
        _validation,
        _run,
        _training.Elapsed,
        recordEnded);

    private TrainingResult Result(StopReason reason) => new()
    {
        History = _history,
        BestEpoch = _stopping.BestEpoch,
        BestStep = _stopping.BestStep,
        BestValidationLoss = _stopping.Best?.Value * _objective.Scale(_objective.ValidationUnit),
        ValidationItemsLeftOut = _stopping.Best?.LeftOut ?? [],
        Unit = _objective.Unit,
        ValidationUnit = _objective.ValidationUnit,
        Steps = _steps.Steps,
        Seconds = _run.Elapsed.TotalSeconds,
        ItemsPerSecond = _items / Math.Max(1e-9, _training.Elapsed.TotalSeconds),
        StopReason = reason,
    };
}
