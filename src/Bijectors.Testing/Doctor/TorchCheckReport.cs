namespace Bijectors.Testing;

/// <summary>What <see cref="TorchCheck"/> has found.</summary>
/// <param name="Operations">How many operations were asked.</param>
/// <param name="Checks">How many results were compared.</param>
/// <param name="Wrong">Those that are wrong.</param>
/// <param name="KeepsArgumentsAlive">Whether TorchSharp keeps what torch reads from the collector, see
/// <see cref="TorchCheck.KeepsArgumentsAlive"/>.</param>
public sealed record TorchCheckReport(
    int Operations, int Checks, IReadOnlyList<WrongOperation> Wrong, bool KeepsArgumentsAlive)
{
    /// <summary>True where nothing is wrong.</summary>
    public bool IsRight => Wrong.Count == 0 && KeepsArgumentsAlive;
}
