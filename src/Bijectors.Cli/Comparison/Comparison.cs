using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Cli;

/// <summary>Trains and measures each model of a plan.</summary>
internal sealed class Comparison : IDisposable
{
    private const int NoiseDraws = 5;

    private readonly ComparisonPlan _plan;
    private readonly Dataset _data;
    private readonly Terminal _terminal;
    private readonly TrainingDisplay _display;
    private readonly SamplePicture? _picture;

    public Comparison(ComparisonPlan plan, Dataset data, Terminal terminal)
    {
        (_plan, _data, _terminal) = (plan, data, terminal);
        _display = TrainingDisplay.On(terminal);
        _picture = SamplePicture.For(data);
        if (data.Test.shape[0] == 0)
        {
            throw new UserException($"{data.Name}: expected test items to report on, got none.");
        }
    }

    public ComparisonOutcome Run(CancellationToken cancellation)
    {
        var run = RunInfo.Of(_data);
        // Every budget is found before anything is trained, so that a model that does not fit is told at once.
        var entries = Entries(run.Shape);
        foreach (var (model, _, parameters) in entries)
        {
            _terminal.Line(FormattableString.Invariant($"{model.Title}: {parameters:N0} parameters"));
        }

        var contestants = new List<Contestant>();
        foreach (var (model, options, _) in entries)
        {
            if (!cancellation.IsCancellationRequested)
            {
                contestants.Add(Train(model, options, run.Shape, cancellation));
            }
        }

        var baseline = Baseline.Of(_data.Train, _data.Test, _data.Levels);
        return new ComparisonOutcome(
            _plan, run, baseline, contestants, _picture?.Draw(_data.Test), cancellation.IsCancellationRequested);
    }

    public void Dispose() => _picture?.Dispose();

    private List<(Model Model, object Options, long Parameters)> Entries(Shape shape)
    {
        var entries = new List<(Model, object, long)>();
        foreach (var model in _plan.Models)
        {
            try
            {
                var options = BudgetSearch.Fit(model, shape, _plan.Parameters, levels: _data.Levels);
                using var flow = model.Create(shape, options, _data.Levels);
                entries.Add((model, options, flow.ParameterCount));
            }
            catch (ShapeException exception) when (!_plan.ModelsNamed)
            {
                _terminal.Line($"{model.Title} is left out, it does not fit the data: {exception.Message}");
            }
        }

        return entries.Count > 0 ? entries : throw new UserException($"{_data.Name}: expected data that fit a model, got items {shape}.");
    }

    private Contestant Train(Model model, object options, Shape shape, CancellationToken cancellation)
    {
        var runs = new List<RunMeasures>();
        TrainingResult? first = null;
        byte[]? samples = null;
        for (var i = 0; i < _plan.Seeds && (i == 0 || !cancellation.IsCancellationRequested); i++)
        {
            var training = _plan.Training with
            {
                Seed = _plan.Training.Seed + i,
                LearningRate = _plan.LearningRate ?? model.LearningRate,
            };
            using var scope = NewDisposeScope();
            using var flow = model.Create(shape, options, _data.Levels, training.Seed);
            var label = _plan.Seeds > 1 ? $"{model.Title} {i + 1}/{_plan.Seeds}" : model.Title;
            var result = _display.Show(
                label, progress => Trainer.Train(flow, new TrainingData(_data.Train, _data.Validation), training, progress, cancellation));
            runs.Add(Measure(flow, result, training.Seed));
            first ??= result;
            samples ??= _picture?.Draw(flow, training.Seed);
        }

        return new Contestant(model, options, runs, first!, samples);
    }

    private RunMeasures Measure(Flow flow, TrainingResult training, int seed)
    {
        var likelihood = Evaluation.Likelihood(flow, _data.Test, draws: NoiseDraws, seed: _plan.Training.Seed);
        return new RunMeasures(
            flow.ParameterCount,
            training.Steps,
            training.Seconds,
            likelihood.BitsPerDimension,
            likelihood.Nats,
            Evaluation.RoundTripError(flow, _data.Test, seed: seed),
            LogDetError.Of(flow, _data.Test, seed),
            Evaluation.SamplesPerSecond(flow, seconds: 0.5, seed: seed),
            training.ItemsPerSecond);
    }
}
