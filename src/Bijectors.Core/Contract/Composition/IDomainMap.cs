namespace Bijectors;

/// <summary>
/// What a bijector of all reals makes of smaller domains, where it can name that: a rearrangement keeps them,
/// <c>2 x + 1</c> stretches them. In a chain such a bijector is transparent between a codomain and the next domain.
/// </summary>
/// <remarks>A bijector that implements it is taken for one by <see cref="Bijector.DomainMap"/>.</remarks>
public interface IDomainMap
{
    /// <summary>What <paramref name="input"/> is mapped onto.</summary>
    Domain Image(Domain input);

    /// <summary>What is mapped onto <paramref name="output"/>.</summary>
    Domain Preimage(Domain output);
}
