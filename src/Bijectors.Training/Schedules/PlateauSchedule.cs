namespace Bijectors.Training;

/// <summary>
/// The peak, lowered where validation gets no better. It reads the history of the run and has no state of its own.
/// </summary>
internal sealed class PlateauSchedule : Schedule
{
    private readonly Warmup _warmup;
    private readonly double _factor;
    private readonly int _patience;

    public PlateauSchedule(double factor, int patience, int warmup)
    {
        _warmup = new Warmup(warmup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patience);
        _patience = patience;
        _factor = factor is > 0 and < 1
            ? factor
            : throw new ArgumentException(
                $"Schedule.ReduceOnPlateau: expected a factor between 0 and 1, got {factor}.");
    }

    public override bool ReadsValidations => true;

    public override double Rate(double peak, RunPosition at)
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

        return peak * _warmup.Share(at.Step) * share;
    }

    public override string ToString() => $"ReduceOnPlateau({_warmup}, factor {_factor}, patience {_patience})";
}
