namespace Bijectors.Training;

/// <summary>
/// Options of training that validation has chosen for a kind of task: a learning rate and its schedule. How long to
/// train, the batches and everything else are not part of one.
/// </summary>
/// <remarks>
/// docs/presets.md has the runs behind each, and what it gains over the defaults. There is none for tables, where none
/// of those that were tried gained more than its standard error.
/// </remarks>
public sealed class TrainingPreset
{
    private TrainingPreset(string name, string task, double learningRate, Schedule schedule) =>
        (Name, Task, LearningRate, Schedule) = (name, task, learningRate, schedule);

    /// <summary>Density estimation of images.</summary>
    public static TrainingPreset Image { get; } = new("image", "images", 0.02, Schedule.OneCycle());

    /// <summary>Variational inference: a flow is fitted to a density by points drawn from the flow
    /// (<see cref="ReverseKl"/>).</summary>
    public static TrainingPreset VariationalInference { get; } =
        new("vi", "variational inference", 0.02, Schedule.OneCycle());

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TrainingPreset> All { get; } = [Image, VariationalInference];

    /// <summary>A short name: <c>image</c>.</summary>
    public string Name { get; }

    /// <summary>What it is for, in the plural where it is for data.</summary>
    public string Task { get; }

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; }

    /// <summary>The learning rate over the run.</summary>
    public Schedule Schedule { get; }

    /// <summary>The preset of a name.</summary>
    /// <param name="name">The name of one of <see cref="All"/>, in upper or lower case.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TrainingPreset Named(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"TrainingPreset: expected one of {string.Join(", ", All.Select(preset => preset.Name))}, "
                + $"got '{name}'.");

    /// <summary>These options with the learning rate and the schedule of this preset.</summary>
    /// <param name="options">Options that say the rest: <c>new() { Epochs = 100 }</c>.</param>
    public TrainingOptions Apply(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { LearningRate = LearningRate, Schedule = Schedule };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
