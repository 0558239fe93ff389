using System.CommandLine;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The finer options of training one model.</summary>
internal sealed class TuningOptions
{
    private static readonly TrainingOptions Usual = new();

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

    private readonly Option<double?> _clip = NumberOption.Real(
        "--clip", "The largest norm of a gradient; 0 for no limit.", Usual.ClipNorm, orZero: true);

    private readonly Option<double?> _average = NumberOption.Real(
        "--ema", "The decay of a running average of the weights, such as 0.999; 0 for none.", 0, orZero: true);

    private readonly Option<int?> _patience = NumberOption.Whole(
        "--patience", "After how many epochs without a better validation to stop early; without it never.");

    private readonly Option<int?> _draws = NumberOption.Whole(
        "--draws", "Over how many draws of noise the validation is averaged.", 1);

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_optimizer, _weightDecay, _warmup, _clip,
            _average, _patience, _draws])
        {
            command.Add(option);
        }
    }

    /// <summary>These training options with what the command line says.</summary>
    public TrainingOptions Change(ParseResult line, TrainingOptions training) => training with
    {
        Optimizer = line.GetValue(_optimizer),
        WeightDecay = line.GetValue(_weightDecay)!.Value,
        WarmupSteps = line.GetValue(_warmup)!.Value,
        ClipNorm = line.GetValue(_clip) is > 0 and var clip ? clip : null,
        EmaDecay = line.GetValue(_average)!.Value,
        Patience = line.GetValue(_patience),
        ValidationDraws = line.GetValue(_draws)!.Value,
    };
}
