using Bijectors.Data;
using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>Trains and measures each model of a plan.</summary>
internal sealed class Comparison : IDisposable
{
    private readonly ComparisonPlan _plan;
    private readonly Dataset _data;
    private readonly Terminal _terminal;
    private readonly MeasuredItems _items;
    private readonly DataLook _look;

    /// <summary>A comparison.</summary>
    /// <param name="plan">What is compared; what depends on the data is filled in.</param>
    /// <param name="data">The data, with their pixels in the order in which the models see them.</param>
    /// <param name="order">That order, to put samples back; null where it is the usual one.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <exception cref="UserException">There are no test items.</exception>
    public Comparison(ComparisonPlan plan, Dataset data, PixelPermutation? order, Terminal terminal)
    {
        (_plan, _data, _terminal) = (plan.For(data), data, terminal);
        _items = new MeasuredItems(data, _plan.TestItems!.Value, _plan.Training.Seed);
        _look = new DataLook(data, order);
    }

    public ComparisonOutcome Run(CancellationToken cancellation)
    {
        var run = RunInfo.Of(_data, _items);
        // Every size is found before anything is trained, so that a model that does not fit is told at once.
        var (entries, misfits) = Entry.All(_plan, run, cancellation);
        foreach (var entry in entries)
        {
            _terminal.Note($"{entry.Model.Title}: {Numbers.Count(entry.Parameters)} parameters");
        }

        var leftOut = misfits.ToList();
        leftOut.ForEach(left => _terminal.Note($"{left}"));
        var contestants = new List<Contestant>();
        var stages = new Stages(entries.Count * _plan.Seeds);
        foreach (var entry in entries)
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            try
            {
                if (Train(entry, run, stages, cancellation) is { } trained)
                {
                    contestants.Add(trained);
                }
            }
            catch (NonFiniteLossException exception)
            {
                leftOut.Add(new(entry.Model, $"its training failed: {exception.Message}", Failed: true));
                _terminal.Note($"{leftOut[^1]}");
            }

            stages.SkipTo((contestants.Count + leftOut.Count - misfits.Count) * _plan.Seeds);
        }

        if (contestants.Count == 0)
        {
            // Nothing has been trained that would be worth the report that may be there.
            cancellation.ThrowIfCancellationRequested();
        }

        // All on the items that the slowest had time for, so that means can be compared.
        var scored =
            contestants.Select(contestant => contestant.TestItems).DefaultIfEmpty((int)_items.Test.shape[0]).Min();
        using var test = _items.Test.narrow(0, 0, scored);
        return new ComparisonOutcome(
            _plan,
            run,
            Baseline.Of(_data, _items.Validation, test),
            [.. contestants.Select(contestant => contestant.OnFirst(scored))],
            [.. contestants.Where(contestant => contestant.TestItems < _items.Test.shape[0])
                .Select(contestant => contestant.Model.Title)],
            leftOut,
            _look.Of(_items.Test),
            _look.Names,
            cancellation.IsCancellationRequested);
    }

    public void Dispose()
    {
        _look.Dispose();
        _items.Dispose();
    }

    /// <summary>Null where the training was stopped before its first step.</summary>
    private Contestant? Train(Entry entry, RunInfo run, Stages stages, CancellationToken cancellation)
    {
        var display = TrainingDisplay.On(_terminal, stages);
        var measures = new FlowMeasures(_items, _plan.Training.Seed, _plan.EvaluationSeconds, display);
        var runs = new List<RunMeasures>();
        ReportedModel? shown = null;
        var data = new TrainingData(_data.Train, _items.Validation, _data.Context?.Train, _items.ValidationContext);
        for (var i = 0; i < _plan.Seeds && (i == 0 || !cancellation.IsCancellationRequested); i++)
        {
            var training = _plan.Training with { Seed = _plan.Training.Seed + i, LearningRate = entry.LearningRate };
            using var scope = NewDisposeScope();
            using var flow = FlowOfData.Create(entry.Model, entry.Options, _data, training.Seed);
            using var watch = i == 0 ? LayerWatch.On(flow, _plan.Layers, data, training) : null;
            var label = _plan.Seeds > 1 ? $"{entry.Model.Title} {i + 1}/{_plan.Seeds}" : entry.Model.Title;
            stages.Begin();
            var result = display.Show(
                label,
                progress => Trainer.Train(
                    flow, data, watch?.Added(training) ?? training, progress, cancellation));
            if (result.Steps == 0)
            {
                break;
            }

            runs.Add(measures.Of(label, flow, result, training.Seed));
            stages.End();
            if (i == 0)
            {
                Save(entry, flow, training);
                shown = ReportedModel.Of(
                    (entry.Model, entry.Options), flow, result, watch, _look, (_items.Test, _items.TestContext),
                    training.Seed);
            }
        }

        return shown is null ? null : new Contestant(entry, runs, shown);
    }

    /// <summary>Saves a model where that is asked for; what cannot be written stops no comparison.</summary>
    private void Save(Entry entry, Flow flow, TrainingOptions training)
    {
        if (_plan.SaveTo is not { } folder)
        {
            return;
        }

        try
        {
            var saved = TrainedModel.Of(
                (entry.Model, entry.Options), flow, (_data, _plan.Data), (training.Seed, training.Noise, ""),
                ScoreReference.LogDensities(flow, _data, training.Seed));
            Refuge.Write(Path.Combine(folder, $"model-{entry.Model.Name}.safetensors"), saved.Save);
        }
        catch (Exception exception) when (exception is UserException or SavedModelException)
        {
            _terminal.Warn(exception.Message);
        }
    }
}
