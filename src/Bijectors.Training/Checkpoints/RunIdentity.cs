namespace Bijectors.Training;

/// <summary>What identifies a run: a checkpoint is refused by a run that differs in one of these.</summary>
internal static class RunIdentity
{
    public static IReadOnlyList<(string Name, string Value)> Of(
        Objective objective, BatchSource source, TrainingOptions options, FlatAdam adam) =>
    [
        .. options.Checkpoints?.Run ?? [],
        ("limits", $"{Text(options.Epochs)} epochs, {Text(options.Steps)} steps, {Text(options.Seconds)} seconds"),
        ("batches of an update", $"{options.Accumulation}"),
        ("learning rate", $"{options.LearningRate}"),
        ("schedule", $"{options.UsedSchedule}"),
        ("optimizer", $"{options.Optimizer}, weight decay {options.WeightDecay}"),
        ("clip norm", Text(options.ClipNorm)),
        ("average of weights", $"{options.EmaDecay}"),
        ("patience", Text(options.Patience)),
        ("initialization", $"{options.Initialize}"),
        ("validations", $"{options.Validations}, share {Text(options.ValidationShare)}"),
        ("seed", $"{options.Seed}"),

        // Behind the options, which may change the data too: the first difference is what a person is told.
        ("groups", Groups(adam.Parameters)),
        ("parameters", Digest.Of(adam.Parameters.Layout)),
        .. objective.Description(),
        ("data", source.Identity),
    ];

    private static string Text<T>(T? number)
        where T : struct =>
        number is { } value ? $"{value}" : "no";

    private static string Groups(FlatParameters parameters) => string.Join(
        "; ",
        parameters.Ranges.Select(range =>
            $"{range.Start}: {range.Group?.LearningRateFactor ?? 1}, {Text(range.Group?.WeightDecay)}"));
}
