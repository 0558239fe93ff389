namespace Bijectors.Training;

/// <summary>
/// Hyperparameters of training that suit a kind of task, whatever the model: optimizer, learning rate and its schedule,
/// clipping, average of the weights, batch size. How long to train is not part of one.
/// </summary>
/// <remarks>docs/training.md has what each is worth beside the defaults. Change single options with
/// <c>with</c>: <c>TrainingPreset.Image.Options with { Epochs = 100 }</c>.</remarks>
public sealed record TrainingPreset
{
    private TrainingPreset(string name, string task) => (Name, Task) = (name, task);

    /// <summary>Density estimation of tables: small batches, a long warm-up, an average of the weights.</summary>
    public static TrainingPreset Tabular { get; } = new("tabular", "tables of numbers")
    {
        RateFactor = 1,
        Options = new() { BatchSize = 64, WarmupSteps = 100, EmaDecay = 0.99 },
    };

    /// <summary>Density estimation of images.</summary>
    public static TrainingPreset Image { get; } = new("image", "images with levels")
    {
        RateFactor = 1,
        Options = new() { BatchSize = 64, WarmupSteps = 100, EmaDecay = 0.99 },
    };

    /// <summary>Variational inference: a flow is fitted to a density that can be evaluated, by points drawn from
    /// it (<see cref="ReverseKl"/>).</summary>
    public static TrainingPreset Vi { get; } = new("vi", "variational inference by points of the flow")
    {
        RateFactor = 1,
        Options = new() { BatchSize = 256, Optimizer = OptimizerKind.Adam, EmaDecay = 0.99 },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TrainingPreset> All { get; } = [Tabular, Image, Vi];

    /// <summary>What a command line calls it.</summary>
    public string Name { get; }

    /// <summary>For which task it is.</summary>
    public string Task { get; }

    /// <summary>The options, with a learning rate for a model of which nothing is known.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What the learning rate that suits a model under the default options is multiplied by.</summary>
    public required double RateFactor { get; init; }

    /// <summary>The preset of a name.</summary>
    /// <param name="name">One of <see cref="All"/>, in small or large letters.</param>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static TrainingPreset Named(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"TrainingPreset: expected {string.Join(", ", All.Select(preset => preset.Name))}, got '{name}'.");
}
