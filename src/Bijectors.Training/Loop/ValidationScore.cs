using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// What a flow is chosen by: the mean loss of the validation items that have a finite one, and which have none. A single item
/// outside the support would make every mean infinite.
/// </summary>
/// <param name="Nats">The mean of the finite ones, in nats; infinite where there are none.</param>
/// <param name="LeftOut">The items without one, by their places.</param>
/// <param name="Items">How many items there are.</param>
internal sealed record ValidationScore(double Nats, IReadOnlyList<long> LeftOut, long Items)
{
    /// <param name="losses">The loss of each item.</param>
    public static ValidationScore Of(Tensor losses)
    {
        using var scope = NewDisposeScope();
        var finite = losses.isfinite();
        long[] leftOut = [.. (~finite).nonzero().data<long>()];
        var count = losses.numel() - leftOut.Length;
        var sum = where(finite, losses, zeros_like(losses)).sum().ToDouble();
        return new(count == 0 ? double.PositiveInfinity : sum / count, leftOut, losses.numel());
    }

    /// <summary>Whether it is better than another: fewer items are left out, or as many and the mean is lower.</summary>
    public bool IsBetterThan(ValidationScore other) => LeftOut.Count == other.LeftOut.Count
        // Where no item has a loss, there is nothing to choose by, and the last weights count.
        ? Nats < other.Nats || LeftOut.Count == Items
        : LeftOut.Count < other.LeftOut.Count;
}
