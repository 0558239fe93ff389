using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What is run: rows, on what data, at which budget.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Data">The data as the command line names them.</param>
/// <param name="Parameters">The number of parameters each row gets.</param>
/// <param name="Seeds">How often each row is trained.</param>
/// <param name="Training">How each is trained; its seed is the first one.</param>
/// <param name="Rates">The learning rates among which validation chooses.</param>
internal sealed record ExperimentPlan(
    IReadOnlyList<Variant> Rows, string Data, long Parameters, int Seeds, TrainingOptions Training,
    IReadOnlyList<double> Rates);

/// <summary>One row and what came of it.</summary>
/// <param name="Row">The row.</param>
/// <param name="Rate">The learning rate that validation chose.</param>
/// <param name="Runs">The result of each seed at that rate.</param>
internal sealed record RowOutcome(Variant Row, double Rate, IReadOnlyList<TrialResult> Runs);

/// <summary>
/// Runs an experiment: each row with each learning rate and the first seed, then with the rate that has the best
/// validation and the other seeds. Test items choose nothing.
/// </summary>
internal sealed class ExperimentRun(ExperimentPlan plan, TrialStore store, Terminal terminal)
{
    private readonly Dictionary<string, double> _rates = [];

    // A row whose rate another one has found is trained with each seed; every other one also with each further rate.
    private readonly Stages _stages =
        new(plan.Rows.Sum(row => plan.Seeds + (row.RateOf is null ? plan.Rates.Count - 1 : 0)));

    // The first seed at the best rate is asked for twice.
    private readonly HashSet<string> _met = [];

    /// <summary>Runs all that is not stored yet, and tells of each row when it is whole.</summary>
    /// <param name="data">The data of the plan.</param>
    /// <param name="report">Is given the rows so far whenever there is one more.</param>
    /// <param name="cancellation">Stops the run; what is stored stays.</param>
    public void All(Dataset data, Action<IReadOnlyList<RowOutcome>> report, CancellationToken cancellation)
    {
        var outcomes = new List<RowOutcome>();
        terminal.Note($"{data}");
        foreach (var row in plan.Rows)
        {
            using var order = row.Permute is { } seed ? new PixelPermutation(data.ItemShape, seed) : null;
            using var permuted = order?.Apply(data);
            try
            {
                outcomes.Add(Of(row, permuted ?? data, cancellation));
                report(outcomes);
            }
            catch (ArgumentException exception)
            {
                terminal.Note($"{row.Section}, {row.Name}: left out: {exception.Message}");
            }
        }
    }

    private RowOutcome Of(Variant row, Dataset data, CancellationToken cancellation)
    {
        var shape = Shape.Of(data.ItemShape);
        var options = BudgetSearch.Fit(row.Model, shape, plan.Parameters, row.OptionsFor(shape), data.Levels);
        if (row.RateOf is null || !_rates.TryGetValue(row.RateOf, out var rate))
        {
            rate = plan.Rates.MinBy(candidate => Result(row, options, candidate, 0, data, cancellation).ValidationBits);
            _rates.TryAdd(row.Model.Name, rate);
        }

        return new(row, rate, [.. Enumerable.Range(0, plan.Seeds)
            .Select(seed => Result(row, options, rate, seed, data, cancellation))]);
    }

    private TrialResult Result(
        Variant row, object options, double rate, int seed, Dataset data, CancellationToken cancellation)
    {
        var training = plan.Training with
        {
            LearningRate = rate,
            Seed = plan.Training.Seed + seed,
            Validations = ComparisonPlan.Validations,
        };
        var trial = new Trial(plan.Data, row.Permute, row.Model, options, training);
        var isNew = _met.Add(trial.FileName);
        if (store.Find(trial) is { } known)
        {
            if (isNew)
            {
                _stages.Skip();
            }

            return known;
        }

        cancellation.ThrowIfCancellationRequested();
        var label = FormattableString.Invariant($"{row.Section}, {row.Name}, rate {rate}, seed {training.Seed}");
        _stages.Begin();
        var result = Train(trial, label, data, cancellation);
        _stages.End();
        cancellation.ThrowIfCancellationRequested();
        store.Keep(trial, result);
        return result;
    }

    private TrialResult Train(Trial trial, string label, Dataset data, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var shape = Shape.Of(data.ItemShape);
        using var items = new MeasuredItems(data, ComparisonPlan.MostItems(shape.Size), plan.Training.Seed);
        using var flow = trial.Model.Create(shape, trial.Options, data.Levels, trial.Training.Seed);
        try
        {
            var trained = TrainingDisplay.On(terminal, _stages).Show(label, progress => Trainer.Train(
                flow, new TrainingData(data.Train, items.Validation), trial.Training, progress, cancellation));
            return new(
                flow.ParameterCount,
                flow.MatrixOperations / 1e6,
                trained.Steps,
                trained.Seconds,
                trained.ItemsPerSecond,
                Bits(items.Validation),
                Bits(items.Test),
                LinearProbe.Accuracy(flow, data),
                CurvePoint.Of(trained.History));
        }
        catch (NonFiniteLossException exception)
        {
            // A rate that is too high loses to every other.
            terminal.Note($"{label}: {exception.Message}");
            return new(
                flow.ParameterCount, flow.MatrixOperations / 1e6, 0, 0, 0,
                double.MaxValue, double.MaxValue, null, []);
        }

        double Bits(Tensor part) => Evaluation
            .Likelihood(flow, part, draws: FlowMeasures.NoiseDraws, seed: plan.Training.Seed).BitsPerDimension;
    }
}
