using System.Diagnostics;
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
    private readonly Stopwatch _run = new();
    private readonly Stopwatch _training = new();
    private double _learningRate;
    private long _items;

    public TrainingRun(Flow flow, TrainingData data, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
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
                reason = Epoch(_history.Count + 1, cancellation);
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

    private StopReason? Epoch(int epoch, CancellationToken cancellation)
    {
        var (loss, items) = (0.0, 0L);
        do
        {
            _learningRate = _limits.LearningRate(_steps.Steps, _run.Elapsed.TotalSeconds);
            _training.Start();
            var step = _steps.Step(_learningRate);
            _training.Stop();
            loss += step.Nats * step.Items * _perNat;
            items += step.Items;
            Report(epoch, loss / items, _history.LastOrDefault()?.ValidationLoss, epochEnded: false);
        }
        while (!_steps.EpochEnded && !Completed && !cancellation.IsCancellationRequested);

        _items += items;
        var validation = Validate(epoch);
        _history.Add(new(epoch, _steps.Steps, _run.Elapsed.TotalSeconds, loss / items, validation, _learningRate));
        Report(epoch, loss / items, validation, epochEnded: true);
        return cancellation.IsCancellationRequested ? StopReason.Cancelled
            : Completed ? StopReason.Completed
            : epoch - _best.Epoch >= _options.Patience ? StopReason.EarlyStop
            : null;
    }

    private bool Completed => _limits.Done(_steps.Steps, _run.Elapsed.TotalSeconds) >= 1;

    private double? Validate(int epoch)
    {
        _steps.Average?.Enter();
        var loss = _data.HasValidation
            ? Evaluation.Likelihood(
                _flow,
                _data.Validation!,
                _data.ValidationContext,
                _options.ValidationDraws,
                _options.Seed + 2,
                _options.BatchSize).In(_unit)
            : (double?)null;
        _best.Offer(epoch, loss);
        _steps.Average?.Leave();
        return loss;
    }

    private void Report(int epoch, double trainLoss, double? validationLoss, bool epochEnded) =>
        _reports.Report(epoch, _steps.Steps, trainLoss, validationLoss, _run, _training.Elapsed, epochEnded);

    private TrainingResult Result(StopReason reason) => new()
    {
        History = _history,
        BestEpoch = _best.Epoch,
        BestValidationLoss = _best.Loss,
        Unit = _unit,
        Steps = _steps.Steps,
        Seconds = _run.Elapsed.TotalSeconds,
        ItemsPerSecond = _items / Math.Max(1e-9, _training.Elapsed.TotalSeconds),
        StopReason = reason,
    };
}
