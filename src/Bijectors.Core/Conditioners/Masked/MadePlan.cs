using Bijectors.Kernels;

namespace Bijectors;

/// <summary>What follows from the order of a <see cref="Made"/> for its kernels.</summary>
internal sealed class MadePlan
{
    /// <param name="order">The order.</param>
    /// <param name="contextSize">Size of the context.</param>
    /// <param name="layers">Number of hidden layers behind the first.</param>
    /// <param name="outputs">How many numbers there are for each feature.</param>
    public MadePlan(MadeOrder order, int contextSize, int layers, int outputs)
    {
        Order = order;

        // One or two equal parts of the last layer are in order as they are; many narrow ones would be mostly padding.
        var isSorted = !order.IsNatural || outputs > 2;
        Staircases = order.Staircases(contextSize, layers, outputs, isSorted);
        Sorting = isSorted ? new(order.Places, contextSize, outputs) : null;
    }

    /// <summary>The order.</summary>
    public MadeOrder Order { get; }

    /// <summary>What the masks say, of every layer.</summary>
    public Staircase[] Staircases { get; }

    /// <summary>How points and results are sorted around the kernels; null where they are as those take them.</summary>
    public SortedFeatures? Sorting { get; }
}
