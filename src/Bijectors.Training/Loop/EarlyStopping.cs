namespace Bijectors.Training;

/// <summary>Remembers the best score, and says when there has been no better one for long enough.</summary>
public sealed class EarlyStopping : ICheckpointed
{
    private readonly int? _patience;
    private readonly bool _moreIsBetter;

    /// <summary>A memory without a score.</summary>
    /// <param name="patience">After how many epochs without a better score to stop; null for never.</param>
    /// <param name="moreIsBetter">True where larger scores are better.</param>
    /// <exception cref="ArgumentException">The patience is not positive.</exception>
    public EarlyStopping(int? patience = null, bool moreIsBetter = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patience ?? 1, nameof(patience));
        (_patience, _moreIsBetter) = (patience, moreIsBetter);
    }

    /// <summary>The epoch of the best score; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The number of updates behind the best score.</summary>
    public long BestStep { get; private set; }

    /// <summary>The best score; null where nothing is measured.</summary>
    public ValidationScore? Best { get; private set; }

    /// <summary>Takes a score.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The number of updates.</param>
    /// <param name="score">The score; null where nothing is measured, and the latest counts as the best.</param>
    /// <returns>True where it is the best so far.</returns>
    public bool Offer(int epoch, long step, ValidationScore? score)
    {
        if (score is not null && Best is not null && !score.IsBetterThan(Best, _moreIsBetter))
        {
            return false;
        }

        (BestEpoch, BestStep, Best) = (epoch, step, score);
        return true;
    }

    /// <summary>True where the best score is as many epochs ago as there is patience.</summary>
    /// <param name="epoch">The epoch that has ended.</param>
    public bool IsDue(int epoch) => epoch - BestEpoch >= _patience;

    /// <inheritdoc/>
    public void Save(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("epoch", BestEpoch);
        state.Put("step", BestStep);
        if (Best is { } best)
        {
            state.Put("score", best.Value);
            state.Put("items", best.Items);
            state.Put("leftOut", RecordJson.Write(best.LeftOut));
        }
    }

    /// <inheritdoc/>
    public void Load(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (BestEpoch, BestStep) = ((int)state.Whole("epoch"), state.Whole("step"));
        Best = state.Has("score")
            ? new(state.Real("score"), RecordJson.ReadPlaces(state.Text("leftOut")), state.Whole("items"))
            : null;
    }
}
