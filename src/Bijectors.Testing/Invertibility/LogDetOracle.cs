namespace Bijectors.Testing;

/// <summary>What a flow's log-dets were compared with.</summary>
public enum LogDetOracle
{
    /// <summary>
    /// <c>log|det J|</c> of the Jacobian by automatic differentiation: independent of how the flow
    /// computes its log-dets.
    /// </summary>
    Jacobian,

    /// <summary>
    /// Minus the log-det of the inverse at the point that came out: where there are too many dimensions for a Jacobian.
    /// A mistake that forward and inverse share does not show.
    /// </summary>
    Inverse,
}
