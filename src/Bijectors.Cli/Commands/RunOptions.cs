using System.CommandLine;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The options that every command which trains has in common.</summary>
internal sealed class RunOptions(int usualEpochs)
{
    private static readonly Shape Digit = Shape.Image(1, 8, 8);

    public Option<string> Data { get; } = new("--data", "-d")
    {
        Description = $"What to train on: {string.Join(", ", Datasets.Specs)}, or a path alone.",
        HelpName = "DATA",
        DefaultValueFactory = _ => "digits",
    };

    public Option<int?> Epochs { get; } =
        NumberOption.Whole("--epochs", "How often each training item is seen.", usualEpochs);

    public Option<double?> Seconds { get; } = NumberOption.Real(
        "--seconds", "How long to train, in seconds of wall time, instead of epochs.");

    public Option<int?> Steps { get; } =
        NumberOption.Whole("--steps", "How many updates to make at most, instead of epochs.");

    public Option<int?> Batch { get; } = NumberOption.Whole("--batch", "The number of items of a batch.", 128);

    public Option<double?> LearningRate { get; } = NumberOption.Real(
        "--learning-rate",
        "The learning rate after warm-up; it falls to 0 along a cosine. Without it what suits the model, on digits: "
            + string.Join(", ",
                Models.All.Select(model => FormattableString.Invariant($"{model.Name} {model.LearningRateFor(Digit)}")))
            + ".");

    public Option<int?> Seed { get; } =
        NumberOption.Whole("--seed", "The seed of split, start, batch order and noise.", 0, least: 0);

    public Option<int?> Layers { get; } = NumberOption.Whole(
        "--layers",
        "At how many moments, spread over the run, each layer is looked at: its log-det, its condition, and how "
            + "exactly items come back; 0 for none.",
        LayerWatch.UsualSnapshots,
        least: 0);

    public Option<int?> Threads { get; } = NumberOption.Threads(
        "The number of threads of torch; more than one pays for large images on an idle machine.");

    public void AddTo(Command command)
    {
        Data.CompletionSources.Add([.. Names]);
        foreach (var option in (ReadOnlySpan<Option>)[Data, Epochs, Steps, Seconds, Batch, LearningRate, Seed, Layers,
            Threads])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.IsGiven(Epochs) && result.IsGiven(Seconds))
            {
                result.AddError("expected --epochs or --seconds, got both");
            }
        });
    }

    // Those that need no path, which a shell completes by itself.
    private static IEnumerable<string> Names =>
        Datasets.Specs.Where(spec => !spec.Contains(':', StringComparison.Ordinal));

    /// <summary>True where the command line says how long to train.</summary>
    public bool LimitIsGiven(ParseResult line) =>
        line.IsGiven(Epochs) || line.IsGiven(Steps) || line.IsGiven(Seconds);

    /// <summary>The training options that the command line asks for, with the learning rate of no model yet.</summary>
    public TrainingOptions Read(ParseResult line) => new()
    {
        Epochs = line.IsGiven(Epochs) || !LimitIsGiven(line) ? line.GetValue(Epochs) : null,
        Steps = line.GetValue(Steps),
        Seconds = line.GetValue(Seconds),
        BatchSize = line.GetValue(Batch)!.Value,
        Seed = line.GetValue(Seed)!.Value,
    };

    /// <summary>How long to train, the batches and the learning rate as a command line spells them.</summary>
    public static string Spell(TrainingOptions training)
    {
        var limits = ((ReadOnlySpan<(string Name, double? Value)>)[("--epochs", training.Epochs),
            ("--steps", training.Steps), ("--seconds", training.Seconds)]).ToArray()
            .Where(limit => limit.Value is not null).Select(limit => $"{limit.Name} {limit.Value}");
        return $"{string.Join(" ", limits)} --batch {training.BatchSize} --learning-rate {training.LearningRate}";
    }
}
