namespace Bijectors;

/// <summary>
/// A bijector of all reals that also takes smaller domains to domains it can name: a rearrangement keeps them,
/// <c>2 x + 1</c> stretches them. In a chain such a bijector stands transparently between a codomain and the next domain.
/// </summary>
internal interface IDomainMap
{
    /// <summary>False for an instance that is no such map after all: a wrapper around something else.</summary>
    bool IsActive => true;

    /// <summary>What <paramref name="input"/> is mapped onto.</summary>
    Domain Image(Domain input);

    /// <summary>What is mapped onto <paramref name="output"/>.</summary>
    Domain Preimage(Domain output);
}

/// <summary>A bijector that moves elements and computes nothing.</summary>
internal interface IRearrangement : IDomainMap
{
    /// <summary>The rearrangement that undoes this one, where it is one of Core's; null keeps the general form.</summary>
    Bijector? Undo => null;

    /// <summary>This one and then <paramref name="next"/> as one rearrangement; null where they do not merge.</summary>
    Bijector? Then(Bijector next) => null;

    Domain IDomainMap.Image(Domain input) => RearrangedDomain.Of(Inverted.Of((Bijector)this), input);

    Domain IDomainMap.Preimage(Domain output) => RearrangedDomain.Of((Bijector)this, output);
}
