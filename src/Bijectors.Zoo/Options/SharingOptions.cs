namespace Bijectors.Zoo;

/// <summary>The options of models whose networks may share all but their last layers.</summary>
/// <remarks>Source: Lee, Kim, Yoon 2020, NanoFlow: scalable normalizing flows with sublinear parameter complexity,
/// arXiv 2006.06280.</remarks>
public abstract record SharingOptions : ModelOptions
{
    /// <summary>
    /// The size of the embedding that says to a network which layer it works for, where the networks of all layers that
    /// read the same shape share all but their last layers, see <see cref="FlowBuilder.Sharing"/>; 0 for networks of
    /// their own.
    /// </summary>
    [AtLeast(0)]
    public int Share { get; init; }
}
