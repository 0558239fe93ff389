namespace Bijectors.Generators.Purity;

/// <summary>
/// What is known of the axes of a value that depends on the point or the context, whose leading axes are the batch.
/// </summary>
/// <param name="Rank">How many of its last axes belong to one point; null where that is not known.</param>
/// <param name="IsPlain">Whether it still has the axes of a point, one for one, so that all others
/// are the batch's.</param>
/// <param name="LeadsBatch">Whether its first axis may be one of the batch.</param>
/// <param name="IsCount">Whether it is a number that depends on how many points there are.</param>
internal readonly record struct Extent(int? Rank, bool IsPlain = true, bool LeadsBatch = true, bool IsCount = false)
{
    /// <summary>How many points there are.</summary>
    public static Extent Count { get; } = new(null, LeadsBatch: false, IsCount: true);

    /// <summary>After something that gives other axes.</summary>
    public static Extent Unknown { get; } = new(null, IsPlain: false);

    /// <summary>After something that has put another axis first.</summary>
    public static Extent Behind { get; } = new(null, IsPlain: false, LeadsBatch: false);

    /// <summary>Two values together, of which either may not depend on the point.</summary>
    public static Extent? Join(Extent? a, Extent? b) =>
        a is not { } left ? b : b is not { } right ? left
        : left.IsCount != right.IsCount ? (left.IsCount ? right : left)
        : new(
            left.Rank is { } l && right.Rank is { } r ? Math.Max(l, r) : null,
            left.IsPlain && right.IsPlain,
            left.LeadsBatch && right.LeadsBatch,
            left.IsCount);

    /// <summary>With axes more or fewer at the end.</summary>
    public Extent With(int more) => this with { Rank = Rank + more };
}
