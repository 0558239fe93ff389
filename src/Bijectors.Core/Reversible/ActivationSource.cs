namespace Bijectors;

/// <summary>Where a backward pass gets the input of a layer from, see <see cref="Flow.Reversible"/>.</summary>
public enum ActivationSource
{
    /// <summary>It is the layer's inverse of its output: nothing is kept.</summary>
    Inverse,

    /// <summary>It was kept, and what the layer makes of it is computed again.</summary>
    Checkpoint,

    /// <summary>
    /// It was kept, and everything the layer made of it as well, as without <see cref="Flow.Reversible"/>.
    /// </summary>
    Graph,
}
