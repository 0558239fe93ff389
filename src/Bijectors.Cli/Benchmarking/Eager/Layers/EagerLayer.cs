namespace Bijectors.Cli;

/// <summary>A layer of a twin on points <c>(N, event...)</c>.</summary>
internal abstract class EagerLayer
{
    /// <summary>Maps towards the base.</summary>
    /// <returns>Y, and <c>log|det dy/dx|</c>, <c>(N)</c>, or one number where it is the same for all.</returns>
    public abstract (Tensor Y, Tensor LogDet) Forward(Tensor x);

    /// <summary>Maps towards the data.</summary>
    public abstract Tensor Inverse(Tensor y);

    /// <summary>Log-slopes summed over the event.</summary>
    /// <returns><c>(N)</c></returns>
    protected static Tensor Sum(Tensor logSlopes) => logSlopes.flatten(1).sum(1);
}
