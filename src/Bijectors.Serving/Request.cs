namespace Bijectors.Serving;

/// <summary>What somebody waits for.</summary>
/// <param name="rows">How many rows pass through the flow for it.</param>
/// <param name="contexts">The contexts of the rows, one after another; null for none.</param>
/// <param name="seed">The seed of its noise.</param>
internal abstract class Request(int rows, double[]? contexts, int seed)
{
    public int Rows { get; } = rows;

    public double[]? Contexts { get; } = contexts;

    public int Seed { get; } = seed;

    /// <summary>When it came, as a time stamp of the queue's clock.</summary>
    public long Came { get; set; }

    /// <summary>True where nobody waits any more.</summary>
    public abstract bool IsOver { get; }

    public abstract void Fail(Exception exception);
}
