namespace Bijectors;

/// <summary>A bijector that says how its inverse goes through the entries of a part that is mapped by what a causal
/// function says of it.</summary>
/// <remarks>Without it the inverse is <see cref="CausalSolution.Incremental"/>. The emitted inverse of a
/// <c>[GeneratedBijector]</c> asks at every call.</remarks>
public interface ICausalInverse
{
    /// <summary>How the inverse is found.</summary>
    CausalSolution Solution { get; }

    /// <summary>
    /// The dimension along which entries are ordered, counted from the end, where only its network knows; null where
    /// <see cref="CausalAttribute">[Causal]</see> names it.
    /// </summary>
    int? Axis => null;
}
