using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One model of a comparison before it is trained.</summary>
/// <param name="Model">The kind of model.</param>
/// <param name="Options">The options that give it the number of parameters asked for, or the nearest.</param>
/// <param name="Parameters">How many parameters it has.</param>
/// <param name="LearningRate">The learning rate that it is trained with.</param>
internal sealed record Entry(Model Model, object Options, long Parameters, double LearningRate)
{
    /// <summary>Whether its density is known; otherwise it is scored by a lower bound.</summary>
    public bool HasExactLogProb { get; init; } = true;

    /// <summary>
    /// The entries of a plan and the models that do not fit the data, each with the reason. What the command line names
    /// or changes must fit.
    /// </summary>
    /// <exception cref="UserException">No model fits, or one is changed that is not compared.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">A model that is named or changed does not fit the data.</exception>
    public static (IReadOnlyList<Entry> Entries, IReadOnlyList<LeftOut> LeftOut) All(
        ComparisonPlan plan, RunInfo run, CancellationToken cancellation)
    {
        if (plan.Settings.Changed.FirstOrDefault(model => !plan.Models.Contains(model)) is { } stranger)
        {
            throw new UserException(
                $"--set: expected one of the models that are compared ({string.Join(", ", plan.Models)}), "
                + $"got '{stranger}'.");
        }

        var (entries, leftOut) = (new List<Entry>(), new List<LeftOut>());
        foreach (var model in plan.Models)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                entries.Add(Of(model, plan, run));
            }
            catch (ArgumentException exception) when (!plan.ModelsNamed && !plan.Settings.Changed.Contains(model))
            {
                leftOut.Add(new(model, $"it does not fit the data: {exception.Message}"));
            }
        }

        return entries.Count > 0
            ? (entries, leftOut)
            : throw new UserException(
                $"{run.Data}: expected data that fit a model, got items {run.Shape}; {string.Join(" ", leftOut)}");
    }

    private static Entry Of(Model model, ComparisonPlan plan, RunInfo run)
    {
        var options = plan.Settings.Apply(model, model.DefaultsFor(run.Shape));
        if (!plan.Settings.SetWidthOf(model))
        {
            (options, _) = BudgetSearch.Nearest(model, run.Shape, plan.Parameters, options, run.Levels, run.Context);
        }

        using var flow = model.Create(run.Shape, options, run.Levels, context: run.Context);
        return new Entry(
            model, options, flow.ParameterCount, plan.LearningRate ?? model.LearningRateFor(run.Shape, options))
        {
            HasExactLogProb = flow.HasExactLogProb && !run.HasSteps,
        };
    }
}
