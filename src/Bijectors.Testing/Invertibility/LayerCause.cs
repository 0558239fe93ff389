namespace Bijectors.Testing;

/// <summary>Why a layer loses digits, or could lose them because it is ill conditioned.</summary>
public enum LayerCause
{
    /// <summary>It loses none that matter.</summary>
    None,

    /// <summary>
    /// Points come out at an end of its codomain, as where <c>tanh</c> gives 1, and cannot be told apart there.
    /// </summary>
    Saturation,

    /// <summary>
    /// Points come close to an end of its domain, as 0 of <c>logit</c>, where its slope grows without bound.
    /// </summary>
    DomainEdge,

    /// <summary>The scales that a network gives, as in a coupling, reach too far.</summary>
    Scale,

    /// <summary>A network is steep: small changes of one part of the point move another part far.</summary>
    Network,

    /// <summary>A trained scale of a channel or an element is very small or very large.</summary>
    ConstantScale,

    /// <summary>A trained linear map is close to singular.</summary>
    LinearMap,

    /// <summary>
    /// Numbers of very different size: the layer is well conditioned, but beside large ones small ones disappear
    /// in the rounding.
    /// </summary>
    Range,

    /// <summary>Something else that is steep or flat at the points that reach it.</summary>
    Slope,
}
