namespace Bijectors.Cli;

/// <summary>A network of a twin, on points <c>(N, ...)</c>.</summary>
internal abstract class EagerNetwork
{
    /// <summary>Runs the network.</summary>
    public abstract Tensor Evaluate(Tensor x);
}
