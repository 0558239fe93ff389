using System.CommandLine;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The finer options of training; some are those of a single model only.</summary>
internal sealed class TuningOptions
{
    private static readonly TrainingOptions Usual = new();

    private readonly PresetOption _preset = new();

    private readonly Option<OptimizerKind> _optimizer = new("--optimizer")
    {
        Description = "The optimizer: adam, or adamw, whose weight decay is decoupled from the gradient.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Usual.Optimizer,
    };

    private readonly Option<double?> _weightDecay = NumberOption.Real(
        "--weight-decay", "The weight decay.", Usual.WeightDecay, orZero: true);

    private readonly Option<int?> _warmup = NumberOption.Whole(
        "--warmup", "Over how many steps the learning rate rises.", Usual.WarmupSteps, least: 0);

    private readonly Option<string> _schedule = new("--schedule")
    {
        Description = "How the learning rate falls behind the warm-up: cosine, polynomial (see --power), constant; or "
            + "one-cycle, which has a rise of its own.",
        HelpName = "NAME",
        DefaultValueFactory = _ => RateCourse.Cosine,
    };

    private readonly Option<double?> _power = NumberOption.Real(
        "--power", "The power of what is left of the run, for --schedule polynomial; 1 for a line.", 1);

    private readonly Option<double?> _clip = NumberOption.Real(
        "--clip", "The largest norm of a gradient; 0 for no limit.", Usual.ClipNorm, orZero: true);

    private readonly Option<double?> _average = NumberOption.Real(
        "--ema", "The decay of a running average of the weights, such as 0.999; 0 for none.", 0, orZero: true);

    private readonly Option<double?> _noise = NumberOption.Real(
        "--noise",
        "The deviation of Gaussian noise that items get, which \"sample --denoise\" takes off again: of pixels in "
            + "[-1, 1], 0.05 for small images, and in their own unit of other data; 0 for none. The model must be one "
            + "on all reals, as TarFlow with --set centred=true.",
        0, orZero: true);

    private readonly Option<double?> _contextDropout = NumberOption.Real(
        "--context-dropout",
        "The share of items whose context is left out in training, such as 0.1, so that \"sample --guidance\" can "
            + "extrapolate from none; 0 for none. The model then takes items without a context too.",
        0, orZero: true);

    private readonly Option<int?> _patience = NumberOption.Whole(
        "--patience", "After how many epochs without a better validation to stop early; without it never.");

    private readonly Option<int?> _draws = NumberOption.Whole(
        "--draws", "Over how many draws of noise the validation is averaged.", 1);

    /// <summary>Adds the options that every model of a comparison may have.</summary>
    public void AddTo(Command command)
    {
        Add(command, [_preset.Option, _optimizer, _weightDecay, _warmup, _schedule, _power, _clip, _average]);
        _schedule.CompletionSources.Add([.. RateCourse.Names]);
        _schedule.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !RateCourse.Names.Contains(token.Value))
            {
                result.AddError(
                    $"--schedule: expected {string.Join(", ", RateCourse.Names)}, got '{token.Value}'");
            }
        });
    }

    /// <summary>Adds those of a single model.</summary>
    public void AddSingleTo(Command command) => Add(command, [_noise, _contextDropout, _patience, _draws]);

    /// <summary>The deviation of the noise as it is given, see <see cref="TrainPlan.Noise"/>.</summary>
    public double Noise(ParseResult line) => line.GetValue(_noise)!.Value;

    /// <summary>The preset that the command line names; null for none.</summary>
    public TrainingPreset? Preset(ParseResult line) => _preset.Read(line);

    /// <summary>The options that the preset of a command line sets, those that are not given besides; null without a
    /// preset.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="rateIsGiven">True where the learning rate is given.</param>
    public string? SetByPreset(ParseResult line, bool rateIsGiven)
    {
        if (Preset(line) is not { } preset)
        {
            return null;
        }

        var sets = new List<string>();
        if (!rateIsGiven)
        {
            sets.Add($"--learning-rate {preset.LearningRate}");
        }

        if (!line.IsGiven(_schedule) && !line.IsGiven(_power))
        {
            sets.Add($"{Course(line)}");
        }

        return sets.Count > 0
            ? $"Preset {preset} sets {string.Join(" ", sets)}."
            : $"Preset {preset} sets nothing that is not given besides.";
    }

    /// <summary>The schedule and the updates of training options as a command line spells them.</summary>
    public static string Spell(RateCourse course, TrainingOptions training) =>
        $"{course} --optimizer {training.Optimizer.ToString().ToLowerInvariant()} "
        + $"--weight-decay {training.WeightDecay} --clip {training.ClipNorm ?? 0} --ema {training.EmaDecay}";

    /// <summary>These training options with what the command line says.</summary>
    /// <exception cref="UserException">A warm-up is given for a schedule that has a rise of its own.</exception>
    public TrainingOptions Change(ParseResult line, TrainingOptions training)
    {
        var course = Course(line);
        return training with
        {
            Optimizer = line.IsGiven(_optimizer) ? line.GetValue(_optimizer) : training.Optimizer,
            WeightDecay = line.IsGiven(_weightDecay) ? line.GetValue(_weightDecay)!.Value : training.WeightDecay,
            WarmupSteps = course.Warmup,
            Schedule = course.Make(),
            ClipNorm = !line.IsGiven(_clip) ? training.ClipNorm
                : line.GetValue(_clip) is > 0 and var clip ? clip : null,
            EmaDecay = line.IsGiven(_average) ? line.GetValue(_average)!.Value : training.EmaDecay,
        };
    }

    /// <summary>The same with what the command line says of a single model.</summary>
    public TrainingOptions ChangeSingle(ParseResult line, TrainingOptions training) => Change(line, training) with
    {
        ContextDropout = line.GetValue(_contextDropout)!.Value,
        Patience = line.GetValue(_patience),
        ValidationDraws = line.GetValue(_draws)!.Value,
    };

    /// <summary>The course of the learning rate: as given, as the preset has it, or as usual.</summary>
    /// <exception cref="UserException">A warm-up is given for a schedule that has a rise of its own.</exception>
    public RateCourse Course(ParseResult line)
    {
        var power = line.GetValue(_power)!.Value;
        var schedule = line.IsGiven(_schedule) ? line.GetValue(_schedule)!
            : line.IsGiven(_power) ? RateCourse.Polynomial
            : Preset(line) is { } preset ? RateCourse.NameOf(preset.Schedule, Usual.WarmupSteps, power)
            : RateCourse.Cosine;
        return schedule == RateCourse.OneCycle && line.IsGiven(_warmup)
            ? throw new UserException(
                $"--warmup: expected a schedule with a warm-up, got {schedule}, which has a rise of its own; "
                + "give --schedule too.")
            : new(schedule, line.GetValue(_warmup)!.Value, power);
    }

    private static void Add(Command command, ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            command.Add(option);
        }
    }
}
