using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What is compared, on what, at which budget.</summary>
/// <param name="Data">The data as the command line names them.</param>
/// <param name="Models">The models, in the order of the report.</param>
/// <param name="ModelsNamed">True where the command line names the models: then each of them must fit the data.</param>
/// <param name="Settings">Options of models that the command line changes.</param>
/// <param name="Parameters">The number of parameters each model gets.</param>
/// <param name="Seeds">How many times each model is trained.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="Training">How each model is trained; its seed is the first one.</param>
/// <param name="LimitIsGiven">True where the command line says how long to train.</param>
/// <param name="LearningRate">The learning rate of every model; null for what suits each.</param>
/// <param name="TestItems">The most test items, and validation items, that are looked at; null for the
/// usual number.</param>
/// <param name="EvaluationSeconds">For how long each trained flow scores test items at most.</param>
/// <param name="Layers">How many looks at the layers are spread over each first run; 0 for none.</param>
/// <param name="Permute">The seed of a fixed order of the pixels; null to leave them.</param>
internal sealed record ComparisonPlan(
    string Data,
    IReadOnlyList<Model> Models,
    bool ModelsNamed,
    ModelSettings Settings,
    long Parameters,
    int Seeds,
    int Threads,
    TrainingOptions Training,
    bool LimitIsGiven,
    double? LearningRate,
    int? TestItems,
    double EvaluationSeconds,
    int Layers,
    int? Permute)
{
    public const int UsualParameters = 100_000;
    public const int UsualEpochs = 60;
    public const int UsualSeconds = 100;
    public const int UsualEvaluationSeconds = 30;

    /// <summary>Training sets of more numbers than this get <see cref="UsualSeconds"/> as well as epochs.</summary>
    public const int ManyNumbers = 200_000;

    /// <summary>Items of more numbers than this are large: <see cref="FewItems"/> of them are looked at.</summary>
    public const int LargeItem = 100;
    public const int FewItems = 1_000;
    public const int ManyItems = 10_000;

    // Enough points to see a trend, and little enough time that they do not count.
    public const int Validations = 20;
    private const double ValidationShare = 0.2;

    /// <summary>The preset that the command line names; null for none.</summary>
    public TrainingPreset? Preset { get; init; }

    /// <summary>What it sets, as a sentence.</summary>
    public string? SetByPreset { get; init; }

    /// <summary>The folder that receives the first trained model of each kind; null for none.</summary>
    public string? SaveTo { get; init; }

    /// <summary>The schedule and the updates as a command line spells them.</summary>
    public string Updates { get; init; } = "";

    /// <summary>This plan with what depends on the data: how long to train and how much to look at.</summary>
    public ComparisonPlan For(Dataset data)
    {
        var item = Shape.Of(data.ItemShape).Size;
        var seconds = !LimitIsGiven && item * data.Train.shape[0] > ManyNumbers ? UsualSeconds : Training.Seconds;
        return this with
        {
            TestItems = TestItems ?? MostItems(item),
            Training = Training with
            {
                Seconds = seconds,
                Validations = Validations,
                ValidationShare = seconds is null ? null : ValidationShare,
            },
        };
    }

    /// <summary>How many items of a size are looked at, at most, where nobody says.</summary>
    public static int MostItems(long size) => size > LargeItem ? FewItems : ManyItems;

    /// <summary>The models of names that may hold commas; all models for no name.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static IReadOnlyList<Model> Choose(IReadOnlyList<string> names) => names.Count == 0
        ? Zoo.Models.All
        : [.. names.SelectMany(
            name => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(Zoo.Models.Named).Distinct()];
}
