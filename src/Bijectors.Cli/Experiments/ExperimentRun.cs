using Bijectors.Data;
using Bijectors.Distributed;
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
internal sealed class ExperimentRun(ExperimentPlan plan, TrialStore store, Terminal terminal, Communicator ranks)
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
        if (ranks.Size > 1)
        {
            Share(data, cancellation);
        }

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

    /// <summary>
    /// Trains on all ranks what is not stored: first what the learning rates are chosen by, then the other seeds.
    /// Behind it every trial of the plan is known.
    /// </summary>
    private void Share(Dataset data, CancellationToken cancellation)
    {
        terminal.Note($"{ranks.Size} ranks, each of which trains some of the rows");
        var trials = new SharedTrials(
            ranks, store, (trial, stages) => TrainIfItFits(trial, data, stages, cancellation));
        var (rows, searched) = (new List<(Variant Row, object Options)>(), new Dictionary<string, int>());
        var rateOf = new List<int>();
        foreach (var row in plan.Rows)
        {
            try
            {
                rows.Add((row, Fit(row, data)));
            }
            catch (ArgumentException)
            {
                // Told of where the rows are reported.
                continue;
            }

            // Whose rate it takes: that of an earlier row, or its own.
            var own = rows.Count - 1;
            rateOf.Add(row.RateOf is { } name && searched.TryGetValue(name, out var earlier) ? earlier : own);
            searched.TryAdd(row.Model.Name, own);
        }

        trials.Run(rateOf.Distinct().SelectMany(Searched), cancellation);
        trials.Run(
            rows.SelectMany((row, i) => Searched(rateOf[i]).MinBy(Bits) is { } best
                ? Enumerable.Range(0, plan.Seeds)
                    .Select(seed => TrialOf(row.Row, row.Options, best.Training.LearningRate, seed))
                : []),
            cancellation);

        IEnumerable<Trial> Searched(int i) =>
            plan.Rates.Select(rate => TrialOf(rows[i].Row, rows[i].Options, rate, 0));

        double Bits(Trial trial) => store.Find(trial)?.ValidationBits ?? double.MaxValue;
    }

    /// <summary>The result of a trial; null where the model does not fit, which its row is left out for.</summary>
    private TrialResult? TrainIfItFits(
        Trial trial, Dataset data, Stages stages, CancellationToken cancellation)
    {
        using var order = trial.Permute is { } seed ? new PixelPermutation(data.ItemShape, seed) : null;
        using var permuted = order?.Apply(data);
        try
        {
            var rate = trial.Training.LearningRate;
            var result = Train(
                trial,
                FormattableString.Invariant($"{trial.Model.Title}, rate {rate}, seed {trial.Training.Seed}"),
                permuted ?? data,
                stages,
                cancellation);
            return cancellation.IsCancellationRequested ? null : result;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private object Fit(Variant row, Dataset data)
    {
        var shape = Shape.Of(data.ItemShape);
        return BudgetSearch.Fit(row.Model, shape, plan.Parameters, row.OptionsFor(shape), data.Levels);
    }

    private Trial TrialOf(Variant row, object options, double rate, int seed) => new(
        plan.Data, row.Permute, row.Model, options, plan.Training with
        {
            LearningRate = rate,
            Seed = plan.Training.Seed + seed,
            Validations = ComparisonPlan.Validations,
        });

    private RowOutcome Of(Variant row, Dataset data, CancellationToken cancellation)
    {
        var options = Fit(row, data);
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
        var trial = TrialOf(row, options, rate, seed);
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
        var label = FormattableString.Invariant($"{row.Section}, {row.Name}, rate {rate}, seed {trial.Training.Seed}");
        _stages.Begin();
        var result = Train(trial, label, data, _stages, cancellation);
        _stages.End();
        cancellation.ThrowIfCancellationRequested();
        store.Keep(trial, result);
        return result;
    }

    private TrialResult Train(
        Trial trial, string label, Dataset data, Stages stages, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var shape = Shape.Of(data.ItemShape);
        using var items = new MeasuredItems(data, ComparisonPlan.MostItems(shape.Size), plan.Training.Seed);
        using var flow = FlowOfData.Create(trial.Model, trial.Options, data, trial.Training.Seed);
        try
        {
            var trained = TrainingDisplay.On(terminal, stages).Show(label, progress => Trainer.Train(
                flow, new TrainingData(data.Train, items.Validation, data.Context?.Train, items.ValidationContext),
                trial.Training, progress, cancellation));
            return new(
                flow.ParameterCount,
                flow.MatrixOperations / 1e6,
                trained.Steps,
                trained.Seconds,
                trained.ItemsPerSecond,
                Bits(items.Validation, items.ValidationContext),
                Bits(items.Test, items.TestContext),
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

        double Bits(Tensor part, Tensor? context) => Evaluation
            .Likelihood(flow, part, context, draws: FlowMeasures.NoiseDraws, seed: plan.Training.Seed)
            .BitsPerDimension;
    }
}
