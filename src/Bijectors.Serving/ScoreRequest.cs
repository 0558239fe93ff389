namespace Bijectors.Serving;

/// <summary>Items to score; the answer has their log-densities.</summary>
internal sealed class ScoreRequest(int rows, double[] items, double[]? contexts, int seed)
    : Request<double[]>(rows, contexts, seed)
{
    /// <summary>The numbers of the items, one after another.</summary>
    public double[] Items { get; } = items;
}
