namespace Bijectors;

/// <summary>
/// A bijector that moves elements and computes nothing. In a chain it merges with its neighbours; in a frozen flow it
/// becomes part of a matrix beside it, where <see cref="Bijector.AffineAxis"/> says along which axis it moves them.
/// </summary>
public interface IRearrangement : IDomainMap
{
    /// <summary>True where nothing moves: in a chain it vanishes.</summary>
    bool IsIdentity => false;

    /// <summary>The rearrangement that undoes this one; null keeps the general form <c>~f</c>.</summary>
    Bijector? Undo => null;

    /// <summary>This one and then <paramref name="next"/> as one rearrangement; null where they do not merge.</summary>
    /// <param name="next">The bijector behind it.</param>
    Bijector? Then(Bijector next) => null;

    Domain IDomainMap.Image(Domain input) => RearrangedDomain.Of(Inverted.Of((Bijector)this), input);

    Domain IDomainMap.Preimage(Domain output) => RearrangedDomain.Of((Bijector)this, output);
}
