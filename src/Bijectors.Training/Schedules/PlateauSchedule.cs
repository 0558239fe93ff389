namespace Bijectors.Training;

/// <summary>
/// The peak, lowered where validation gets no better. It reads the history of the run and has no state of its own.
/// </summary>
internal sealed class PlateauSchedule : WarmedSchedule
{
    private readonly double _factor;
    private readonly int _patience;

    public PlateauSchedule(double factor, int patience, int warmup)
        : base(warmup)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patience);
        _patience = patience;
        _factor = factor is > 0 and < 1
            ? factor
            : throw new ArgumentException(
                $"Schedule.ReduceOnPlateau: expected a factor between 0 and 1, got {factor}.");
    }

    public override bool ReadsValidations => true;

    protected override double Decay(RunPosition at)
    {
        var (share, best, since) = (1.0, default(double?), 0);
        foreach (var record in at.History)
        {
            if (record.ValidationLoss is not { } score)
            {
                continue;
            }

            if (best is null || (at.MoreIsBetter ? score > best : score < best))
            {
                (best, since) = (score, 0);
            }
            else if (++since == _patience)
            {
                (share, since) = (share * _factor, 0);
            }
        }

        return share;
    }

    protected override string Describe(string warmup) =>
        $"ReduceOnPlateau({warmup}, factor {_factor}, patience {_patience})";
}
