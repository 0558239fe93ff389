using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// What weights are chosen by: the mean of what is finite, and the items that have nothing finite. A single item
/// outside the support would make every mean infinite.
/// </summary>
/// <param name="Value">The mean over the items with a finite one; infinite where there are none.</param>
/// <param name="LeftOut">The items without one, by their places.</param>
/// <param name="Items">How many items there are.</param>
public sealed record ValidationScore(double Value, IReadOnlyList<long> LeftOut, long Items)
{
    /// <summary>A score that is one number.</summary>
    /// <param name="value">The number; where it is not finite, the score counts as one of nothing.</param>
    public static ValidationScore Of(double value) =>
        double.IsFinite(value) ? new(value, [], 1) : new(double.PositiveInfinity, [0], 1);

    /// <summary>The mean of what each item has.</summary>
    /// <param name="values">Of each item, <c>(N)</c>.</param>
    public static ValidationScore Of(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        var finite = values.isfinite();
        long[] leftOut = [.. (~finite).nonzero().data<long>()];
        var count = values.numel() - leftOut.Length;
        var sum = where(finite, values, zeros_like(values)).sum().ToDouble();
        return new(count == 0 ? double.PositiveInfinity : sum / count, leftOut, values.numel());
    }

    /// <summary>Whether it is better than another: fewer items are left out, or as many and the mean is
    /// better.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="moreIsBetter">True where the larger mean is the better one.</param>
    public bool IsBetterThan(ValidationScore other, bool moreIsBetter = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        return LeftOut.Count == other.LeftOut.Count
            // Where no item has a value, there is nothing to choose by, and the last weights count.
            ? (moreIsBetter ? Value > other.Value : Value < other.Value) || LeftOut.Count == Items
            : LeftOut.Count < other.LeftOut.Count;
    }
}
