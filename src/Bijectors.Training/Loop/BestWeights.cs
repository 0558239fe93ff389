using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>The weights and buffers of the best validation so far.</summary>
internal sealed class BestWeights(Flow flow, FlatParameters parameters) : IDisposable
{
    private readonly Tensor _values = empty_like(parameters.Values).DetachFromDisposeScope();
    private readonly (Tensor Live, Tensor Kept)[] _buffers =
        [.. flow.named_buffers().Select(row => (row.buffer, row.buffer.clone().DetachFromDisposeScope()))];

    /// <summary>The epoch that is kept; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>The number of updates behind what is kept.</summary>
    public long Step { get; private set; }

    /// <summary>What they were chosen by; null without validation.</summary>
    public ValidationScore? Score { get; private set; }

    /// <summary>Keeps the weights at hand if their score is better, or if there is none to compare.</summary>
    public void Offer(int epoch, long step, ValidationScore? score)
    {
        if (score is not null && Score is not null && !score.IsBetterThan(Score))
        {
            return;
        }

        (Epoch, Step, Score) = (epoch, step, score);
        using var ungraded = no_grad();
        _values.copy_(parameters.Values);
        foreach (var (live, kept) in _buffers)
        {
            kept.copy_(live);
        }
    }

    /// <summary>Puts the kept weights back; does nothing before the first epoch.</summary>
    public void Restore()
    {
        if (Epoch == 0)
        {
            return;
        }

        using var ungraded = no_grad();
        parameters.Values.copy_(_values);
        parameters.Changed();
        foreach (var (live, kept) in _buffers)
        {
            live.copy_(kept);
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        foreach (var (_, kept) in _buffers)
        {
            kept.Dispose();
        }
    }
}
