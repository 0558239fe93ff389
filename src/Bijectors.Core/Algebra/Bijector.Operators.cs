namespace Bijectors;

/// <content>The algebra as operators.</content>
public abstract partial class Bijector
{
    /// <summary>First <paramref name="first"/>, then <paramref name="second"/>: <c>y = second(first(x))</c>.</summary>
    /// <exception cref="DomainException">The first gives values on which the second is not defined.</exception>
    /// <exception cref="ArgumentException">More than 1000 layers are chained; <see cref="Chain.Of"/> takes
    /// more.</exception>
    public static Bijector operator >>(Bijector first, Bijector second) => Chain.OfTwo(first, second);

    /// <summary>The inverse as a bijector; <c>~~f</c> is <c>f</c>.</summary>
    public static Bijector operator ~(Bijector f) => Inverted.Of(f);
}
