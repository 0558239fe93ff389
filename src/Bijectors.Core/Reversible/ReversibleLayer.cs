namespace Bijectors;

/// <summary>What a flow in reversible mode does with one layer, see <see cref="Flow.ReversibleLayers"/>.</summary>
/// <param name="Name">The layer's name as in the state dictionary.</param>
/// <param name="Layer">The layer, as it calls itself.</param>
/// <param name="Source">Where backward gets its input from.</param>
/// <param name="Reason">Why not from its inverse; null where it does.</param>
public sealed record ReversibleLayer(string Name, string Layer, ActivationSource Source, string? Reason)
{
    /// <summary>One line: name, layer, source and reason.</summary>
    public override string ToString() =>
        $"{Name} ({Layer}): {Source.ToString().ToLowerInvariant()}{(Reason is null ? "" : ", " + Reason)}";
}
