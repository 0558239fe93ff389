using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What is compared, on what, at which budget.</summary>
/// <param name="Data">The data as the command line names them.</param>
/// <param name="Models">The models, in the order of the report.</param>
/// <param name="ModelsNamed">True where the command line names the models: then each of them must fit the data.</param>
/// <param name="Parameters">The number of parameters each model gets.</param>
/// <param name="Seeds">How many times each model is trained.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="Training">How each model is trained; its seed is the first one.</param>
/// <param name="LearningRate">The learning rate of every model; null for what suits each.</param>
internal sealed record ComparisonPlan(
    string Data,
    IReadOnlyList<Model> Models,
    bool ModelsNamed,
    long Parameters,
    int Seeds,
    int Threads,
    TrainingOptions Training,
    double? LearningRate = null)
{
    public const int UsualParameters = 100_000;

    public const int UsualEpochs = 60;

    /// <summary>The models of names that may hold commas; all models for no name.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static IReadOnlyList<Model> Choose(IReadOnlyList<string> names) => names.Count == 0
        ? Zoo.Models.All
        : [.. names.SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(Zoo.Models.Named).Distinct()];
}
