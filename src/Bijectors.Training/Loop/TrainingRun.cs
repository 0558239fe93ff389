using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>One run from the first batch to the restored best weights.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Flow _flow;
    private readonly TrainingData _data;
    private readonly TrainingOptions _options;
    private readonly LossUnit _unit;
    private readonly double _perNat;
    private readonly StepRunner _steps;
    private readonly RunLimits _limits;
    private readonly BestWeights _best;
    private readonly ProgressReports _reports;
    private readonly List<EpochRecord> _history = [];
    private readonly Clock _run;
    private readonly Clock _training;
    private readonly Clock _validating;
    private double _learningRate;
    private double? _validation;
    private int _epoch;
    private int _validationsDue = 1;
    private long _items;

    public TrainingRun(
        Flow flow,
        TrainingData data,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        (_run, _training, _validating) = (new(time), new(time), new(time));
        (_flow, _data, _options) = (flow, data, options);
        _unit = flow.Levels is null ? LossUnit.Nats : LossUnit.BitsPerDimension;
        _perNat = _unit == LossUnit.Nats ? 1 : 1 / (flow.EventShape.Size * Math.Log(2));
        _steps = new StepRunner(flow, data, options);
        _limits = new RunLimits(options, _steps.StepsPerEpoch);
        _best = new BestWeights(flow, _steps.Parameters);
        _reports = new ProgressReports(progress, _limits, _unit);
    }

    public TrainingResult Execute(CancellationToken cancellation)
    {
        _run.Start();
        try
        {
            StopReason? reason = cancellation.IsCancellationRequested ? StopReason.Cancelled : null;
            while (reason is null)
            {
                reason = Stretch(cancellation);
            }

            return Result(reason.Value);
        }
        finally
        {
            _best.Restore();
        }
    }

    public void Dispose()
    {
        _best.Dispose();
        _steps.Dispose();
    }

    /// <summary>From one record of the history to the next: an epoch, or up to a validation within it.</summary>
    private StopReason? Stretch(CancellationToken cancellation)
    {
        var (loss, items) = (0.0, 0L);
        do
        {
            _epoch += _steps.EpochEnded ? 1 : 0;
            _learningRate = _limits.LearningRate(_steps.Steps, _run.Elapsed.TotalSeconds);
            _training.Start();
            var step = _steps.Step(_learningRate);
            _training.Stop();
            loss += step.Nats * step.Items * _perNat;
            items += step.Items;
            Report(loss / items, recordEnded: false);
        }
        while (!_steps.EpochEnded && !Completed && !ValidationDue && !cancellation.IsCancellationRequested);

        _items += items;
        // The last validation is never left out.
        var validates = HasTimeToValidate || Completed || cancellation.IsCancellationRequested;
        if (validates)
        {
            Validate();
        }

        _history.Add(
            new(_epoch, _steps.Steps, _run.Elapsed.TotalSeconds, loss / items, validates ? _validation : null, _learningRate));
        Report(loss / items, recordEnded: true);
        return !validates ? null
            : cancellation.IsCancellationRequested ? StopReason.Cancelled
            : Completed ? StopReason.Completed
            : _steps.EpochEnded && _epoch - _best.Epoch >= _options.Patience ? StopReason.EarlyStop
            : null;
    }

    private double Done => _limits.Done(_steps.Steps, _run.Elapsed.TotalSeconds);

    private bool Completed => Done >= 1;

    /// <summary>The validations that are spread over the run and belong to what is done by now.</summary>
    private int Spread => (int)Math.Floor(Done * _options.Validations + 1e-9);

    private bool ValidationDue => Spread >= _validationsDue && HasTimeToValidate;

    private bool HasTimeToValidate => _options.ValidationShare is not { } share || _validating.Elapsed <= share * _run.Elapsed;

    private void Validate()
    {
        _validating.Start();
        _steps.Average?.Enter();
        var score = _data.HasValidation ? Score() : null;
        _validation = score?.Nats * _perNat;
        _best.Offer(_epoch, _steps.Steps, score);
        _steps.Average?.Leave();
        _validationsDue = Spread + 1;
        _validating.Stop();
    }

    private ValidationScore Score()
    {
        using var losses = Evaluation.Losses(
            _flow,
            _data.Validation!,
            _data.ValidationContext,
            _options.ValidationDraws,
            _options.Seed + 2,
            _options.BatchSize);
        return ValidationScore.Of(losses);
    }

    private void Report(double trainLoss, bool recordEnded) =>
        _reports.Report(_epoch, _steps.Steps, trainLoss, _validation, _run, _training.Elapsed, recordEnded);

    private TrainingResult Result(StopReason reason) => new()
    {
        History = _history,
        BestEpoch = _best.Epoch,
        BestStep = _best.Step,
        BestValidationLoss = _best.Score?.Nats * _perNat,
        ValidationItemsLeftOut = _best.Score?.LeftOut ?? [],
        Unit = _unit,
        Steps = _steps.Steps,
        Seconds = _run.Elapsed.TotalSeconds,
        ItemsPerSecond = _items / Math.Max(1e-9, _training.Elapsed.TotalSeconds),
        StopReason = reason,
    };
}
