namespace Bijectors;

/// <content>The views that come with this library.</content>
public abstract partial class View
{
    /// <summary>The vectors along one axis.</summary>
    /// <param name="axis">The axis, counted from the end.</param>
    public static View Along(int axis) => new AlongView(axis);

    /// <summary>The two parts of a partition.</summary>
    /// <param name="partition">The partition.</param>
    public static View Parts(Partition partition) => new PartitionView(partition);

    /// <summary>
    /// The first elements of a vector, read as an event of a shape, and those behind them:
    /// <see cref="Bijectors.Parts"/> packs them so.
    /// </summary>
    /// <param name="first">The shape of the first part.</param>
    /// <param name="second">The shape of the second part.</param>
    public static View Packed(Shape first, Shape second) => new PackedView(first, second);
}
