using Bijectors.Distributed;
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
    private readonly RunState _state;
    private readonly TrainingMoment _moment;
    private readonly RunSaver? _saver;
    private readonly Communicator _ranks;
    private readonly RankTime _time;

    public TrainingRun(
        Objective objective,
        BatchSource source,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        TimeProvider? time = null)
    {
        _ranks = options.Ranks;
        _time = new RankTime(_ranks, time ?? TimeProvider.System);
        _state = new RunState(_time);
        (_objective, _options) = (objective, options);
        CheckValidation(objective.Validates);
        _lossScale = objective.Scale(objective.Unit);
        _steps = new StepRunner(objective, source, options, resumes: _ranks.Any(RunSaver.Resumes(options)));
        _limits = new RunLimits(options, _steps.StepsPerEpoch, objective.MoreIsBetter);
        _best = new BestWeights(objective.Module, _steps.Adam);
        _stopping = new EarlyStopping(options.Patience, objective.MoreIsBetter);
        _reports = new ProgressReports(progress, _limits, objective.Unit);
        _moment = new TrainingMoment(objective.Module, _state.History);
        _saver = options.Checkpoints is { } checkpoints
            ? new RunSaver(checkpoints, RunIdentity.Of(objective, source, options, _steps.Adam), this, _ranks)
            : null;
    }

    public TrainingResult Execute(CancellationToken cancellation)
    {
        try
        {
            _saver?.Load();
            _state.Run.Start();
            _saver?.Begin(_steps.Steps, _state.Run.Elapsed);
            var reason = _state.Stretch.Items > 0 || _steps.Steps == 0 ? null : Ended();
            reason ??= _ranks.Any(cancellation.IsCancellationRequested) ? StopReason.Cancelled : null;
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
        state.Put("state", _state);
    }

    public void Load(CheckpointState state)
    {
        state.Restore("steps", _steps);
        state.Restore("best", _best);
        state.Restore("stopping", _stopping);
        state.Restore("state", _state);
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
        _saver?.SaveIfDue(_steps.Steps, _state.Run.Elapsed, always: stops || reason is not null);
        if (!stops)
        {
            return reason;
        }

        // Behind the checkpoint: a run that is resumed there has no such record.
        if (_state.Stretch.Items > 0)
        {
            EndStretch(stops);
        }

        return _ranks.Any(cancellation.IsCancellationRequested)
            ? StopReason.Cancelled
            : reason ?? StopReason.Callback;
    }

    private void Update()
    {
        _state.Epoch += _steps.EpochEnded ? 1 : 0;
        var learningRate = _limits.LearningRate(_steps.Steps, _state.Run.Elapsed.TotalSeconds, _state.History);
        _state.Training.Start();
        var step = _steps.Step(learningRate);
        _time.Meet();
        _state.Training.Stop();
        var (loss, items) = _state.Stretch;
        _state.Stretch = (loss + step.Loss * step.Items * _lossScale, items + step.Items);
        (_moment.Epoch, _moment.Step, _moment.LearningRate) = (_state.Epoch, _steps.Steps, learningRate);
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
        _state.Items += _state.Stretch.Items;
        // The last validation is never left out.
        var validates = HasTimeToValidate || Completed || stops;
        if (validates)
        {
            Validate();
        }

        _state.History.Add(new(
            _state.Epoch,
            _steps.Steps,
            _state.Run.Elapsed.TotalSeconds,
            _state.Loss,
            validates ? _state.Validation : null,
            _moment.LearningRate));
        Report(recordEnded: true);
        _state.Stretch = default;
        foreach (var callback in _options.Callbacks)
        {
            callback.AfterValidation(_moment);
        }

        return validates ? Ended() : null;
    }

    /// <summary>Why a run is over behind a record, if it is.</summary>
    private StopReason? Ended() => Completed ? StopReason.Completed
        : _steps.EpochEnded && _stopping.IsDue(_state.Epoch) ? StopReason.EarlyStop
        : null;

    private bool IsStopping(CancellationToken cancellation) =>
        _ranks.Any(cancellation.IsCancellationRequested || _moment.IsStopping);

    private double Done => _limits.Done(_steps.Steps, _state.Run.Elapsed.TotalSeconds);

    private bool Completed => Done >= 1;

    /// <summary>The validations that are spread over the run and belong to what is done by now.</summary>
    private int Spread => (int)Math.Floor(Done * _options.Validations + 1e-9);

    private bool ValidationDue => Spread >= _state.ValidationsDue && HasTimeToValidate;

    private bool HasTimeToValidate =>
        _options.ValidationShare is not { } share || _state.Validating.Elapsed <= share * _state.Run.Elapsed;

    private void Validate()
    {
        _state.Validating.Start();
        _steps.Average?.Enter();
        try
        {
            var score = Score();
            _state.Validation = score?.Value * _objective.Scale(_objective.ValidationUnit);
            if (_stopping.Offer(_state.Epoch, _steps.Steps, score))
            {
                _best.Keep();
            }
        }
        finally
        {
            _steps.Average?.Leave();
        }

        _time.Meet();
        _state.ValidationsDue = Spread + 1;
        _state.Validating.Stop();
    }

    private ValidationScore? Score()
    {
        RankTensors.CheckSame(_ranks, _steps.Adam.Parameters.Values, _steps.Steps);
        using var inside = new EvaluationScope(_objective.Module);
        var score = _ranks.Size == 1
            ? _objective.Validate(_options.Seed + 2)
            : RankScore.Agree(_ranks, _objective.SharedValidate(_options.Seed + 2, _ranks));
        CheckValidation(score is not null);
        return score;
    }

    /// <summary>What looks at validations never acts where there are none.</summary>
    private void CheckValidation(bool validates)
    {
        if (!validates && (_options.Patience is not null || _options.UsedSchedule.ReadsValidations))
        {
            var what = _options.Patience is not null ? "Patience" : "Schedule";
            throw new ArgumentException(
                $"TrainingOptions.{what}: expected an objective that is validated, got "
                + $"{_objective.GetType().Name} without; give validation items, or leave {what} out.");
        }
    }

    private void Report(bool recordEnded) => _reports.Report(
        _state.Epoch,
        _steps.Steps,
        _state.Loss,
        _state.Validation,
        _state.Run,
        _state.Training.Elapsed,
        recordEnded);

    private TrainingResult Result(StopReason reason) => new()
    {
        History = _state.History,
        BestEpoch = _stopping.BestEpoch,
        BestStep = _stopping.BestStep,
        BestValidationLoss = _stopping.Best?.Value * _objective.Scale(_objective.ValidationUnit),
        ValidationItemsLeftOut = _stopping.Best?.LeftOut ?? [],
        Unit = _objective.Unit,
        ValidationUnit = _objective.ValidationUnit,
        Steps = _steps.Steps,
        Seconds = _state.Run.Elapsed.TotalSeconds,
        ItemsPerSecond = _state.Items / Math.Max(1e-9, _state.Training.Elapsed.TotalSeconds),
        StopReason = reason,
    };
}
