namespace Bijectors.Generators.Purity;

/// <summary>
/// What is known of the axes of a value that depends on the point or the context, whose leading axes are the batch.
/// </summary>
/// <param name="Rank">How many of its last axes belong to one point; null where that is not known.</param>
/// <param name="IsPlain">Whether it still has the axes of a point, one for one, so that all others
/// are the batch's.</param>
/// <param name="Before">How many axes stand before those of the batch.</param>
/// <param name="IsCount">Whether it is a number that depends on how many points there are.</param>
/// <param name="IsShape">Whether it is all of a shape, of which some numbers do.</param>
/// <param name="IsGuess">Whether the rank is only what it is most likely.</param>
internal readonly record struct Extent(
    int? Rank, bool IsPlain = true, int Before = 0, bool IsCount = false, bool IsShape = false,
    bool IsGuess = false)
{
    /// <summary>How many points there are.</summary>
    public static Extent Count { get; } = new(null, IsCount: true);

    /// <summary>After something that gives other axes.</summary>
    public static Extent Unknown { get; } = new(null, IsPlain: false);

    /// <summary>After something that takes axes together: a number of the last ones are likely the event's.</summary>
    public static Extent Likely(int? rank) => new(rank, IsPlain: false, IsGuess: true);

    /// <summary>Whether its first axis may be one of the batch.</summary>
    public bool LeadsBatch => Before == 0;

    /// <summary>Whether it is certain which axes are the event's.</summary>
    public bool IsSure => IsPlain && Before == 0 && Rank is not null && !IsGuess;

    /// <summary>Two values together, of which either may not depend on the point.</summary>
    public static Extent? Join(Extent? a, Extent? b) =>
        a is not { } left ? b : b is not { } right ? left
        : left.IsCount != right.IsCount ? (left.IsCount ? right : left)
        : new(
            left.Rank is { } l && right.Rank is { } r ? Math.Max(l, r) : null,
            left.IsPlain && right.IsPlain,
            Math.Min(left.Before, right.Before),
            left.IsCount,
            left.IsShape && right.IsShape,
            left.IsGuess || right.IsGuess);

    /// <summary>With axes more or fewer at the end.</summary>
    public Extent With(int more) => this with { Rank = Rank + more };
}
