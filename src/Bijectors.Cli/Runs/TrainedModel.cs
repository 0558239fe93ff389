using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>A trained flow as a saved model, with what it keeps of its data.</summary>
internal static class TrainedModel
{
    /// <summary>The model.</summary>
    /// <param name="model">The kind of model, and its options.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="data">What it was trained on, and how that was named.</param>
    /// <param name="training">The seed and the deviation of the noise that it was trained with, and how it was trained
    /// in words; empty where nobody says.</param>
    /// <param name="logDensities">See <see cref="ScoreReference.LogDensities"/>; null to keep none.</param>
    public static SavedModel Of(
        (Model Kind, object Options) model, Flow flow, (Dataset Set, string Name) data,
        (int Seed, double Noise, string Words) training, IReadOnlyList<double>? logDensities) =>
        new(model.Kind, model.Options, flow, data.Name, training.Seed)
        {
            Columns = data.Set.Columns,
            ContextColumns = data.Set.Context?.Schema is { } given
                ? [.. given.Select(column => column.Name)] : data.Set.Context?.Columns,
            ContextCategories = Categories(data.Set.Context?.Schema),
            Noise = training.Noise,
            Training = training.Words,
            LogDensities = logDensities,
            Center = FlowOfData.HasSteps(data.Set) ? null : ScoreReference.Center(data.Set),
        };

    private static IReadOnlyDictionary<string, IReadOnlyList<string>>? Categories(IReadOnlyList<TableColumn>? schema) =>
        (schema ?? []).Where(column => column.Categories is not null).ToList() is { Count: > 0 } some
            ? some.ToDictionary(column => column.Name, column => column.Categories!) : null;
}
