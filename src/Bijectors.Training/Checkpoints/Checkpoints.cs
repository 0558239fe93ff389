namespace Bijectors.Training;

/// <summary>Where a run is saved while it runs, how often, and whether it is resumed from there.</summary>
/// <remarks>
/// A resumed run ends with the weights, bit for bit, of one that was never stopped, on the same kind of machine with as
/// many threads, unless a limit in seconds or <see cref="TrainingOptions.ValidationShare"/> makes it depend on time.
/// </remarks>
public sealed record Checkpoints
{
    /// <summary>The name of the file where the path is a folder.</summary>
    public const string FileName = "checkpoint.safetensors";

    /// <summary>Where no number of steps or seconds is given.</summary>
    public const double UsualSeconds = 60;

    /// <summary>Checkpoints in one file, each in the place of the one before.</summary>
    /// <param name="path">The file, or a folder for <see cref="FileName"/> in it: one that is there, or a path that
    /// ends with a separator.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public Checkpoints(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File = System.IO.Path.GetFullPath(
            System.IO.Path.EndsInDirectorySeparator(path) || Directory.Exists(path)
                ? System.IO.Path.Combine(path, FileName)
                : path);
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>After how many updates one is written; null for no such rule.</summary>
    public long? EverySteps { get; init; }

    /// <summary>
    /// After how many seconds one is written; null for no such rule. Without either rule it is
    /// <see cref="UsualSeconds"/>. One is always written where the run ends or is stopped.
    /// </summary>
    public double? EverySeconds { get; init; }

    /// <summary>
    /// True to resume from the file; where there is none, the run begins. False to begin; where there is one, the run
    /// is refused, since it would be lost.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>What identifies the run besides module, data and options, as the name of a model; none by
    /// default.</summary>
    public IReadOnlyList<(string Name, string Value)> Run { get; init; } = [];

    /// <summary>
    /// What else changes during the run, under names of one's own: generators that layers draw from on their own, as
    /// that of a <see cref="LogDetEstimator"/> (<see cref="Checkpoint.Part(TorchSharp.torch.Generator)"/>), what
    /// callbacks or an objective remember; none by default.
    /// </summary>
    public IReadOnlyList<(string Name, ICheckpointed Part)> Parts { get; init; } = [];

    internal void Check()
    {
        if (EverySteps is <= 0)
        {
            throw new ArgumentException($"Checkpoints.EverySteps: expected 1 or more, or null, got {EverySteps}.");
        }

        if (EverySeconds is not (null or (> 0 and < double.PositiveInfinity)))
        {
            throw new ArgumentException(
                $"Checkpoints.EverySeconds: expected a finite number above 0, or null, got {EverySeconds}.");
        }

        if (!Resume && System.IO.File.Exists(File))
        {
            throw new CheckpointException(
                $"{File}: expected no checkpoint where a run begins, got one; go on from it (Resume, --resume), delete "
                + "it, or take another path.");
        }
    }

    /// <summary>Whether one is due, so long after the last.</summary>
    internal bool IsDue(long steps, TimeSpan time) =>
        steps >= EverySteps
        || (EverySeconds ?? (EverySteps is null ? UsualSeconds : null)) is { } seconds && time.TotalSeconds >= seconds;
}
