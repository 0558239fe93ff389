namespace Bijectors.Cli;

/// <summary>What items of a data set look like, or samples of a flow.</summary>
internal sealed record ItemLook
{
    /// <summary>Some of them, or where they lie, as a PNG; null where they have no picture.</summary>
    public byte[]? Picture { get; init; }

    /// <summary>What the picture shows, as a phrase.</summary>
    public string Shows { get; init; } = "";

    /// <summary>The density of the flow over the plane as a PNG; null where it is none or not known.</summary>
    public byte[]? Density { get; init; }

    /// <summary>The quantiles of each column of vectors, of the first columns where there are many; empty for other
    /// items.</summary>
    public IReadOnlyList<ColumnQuantiles> Columns { get; init; } = [];
}
