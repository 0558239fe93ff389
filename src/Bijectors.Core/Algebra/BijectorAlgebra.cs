namespace Bijectors;

/// <summary>
/// The algebra in method form: <c>f.Then(g)</c>, <c>f.Inverted()</c>, <c>f.Along(-2)</c>, <c>f.On(part)</c>; languages
/// without C#'s operators write all of it this way.
/// </summary>
public static class BijectorAlgebra
{
    /// <summary>First one bijector, then another: <c>first >> second</c>.</summary>
    /// <param name="first">What meets the data.</param>
    /// <param name="second">What follows.</param>
    /// <exception cref="DomainException">The first gives values on which the second is not defined.</exception>
    /// <exception cref="ArgumentException">More than 1000 layers are chained; <see cref="Chain.Of"/> takes
    /// more.</exception>
    public static Bijector Then(this Bijector first, Bijector second) => first >> second;

    /// <summary>The inverse as a bijector: <c>~f</c>.</summary>
    /// <param name="f">A bijector.</param>
    public static Bijector Inverted(this Bijector f) => ~f;

    /// <summary>A bijector of vectors along one axis, the same for every place on the other axes.</summary>
    /// <param name="f">A bijector of vectors.</param>
    /// <param name="axis">The axis, counted from the end.</param>
    /// <exception cref="ArgumentException">The axis is not counted from the end, or f is no bijector of
    /// vectors.</exception>
    public static Bijector Along(this Bijector f, int axis) => new Along(f, axis);

    /// <summary>A bijector on the first part of a point, the identity on the second.</summary>
    /// <param name="f">The bijector of the first part.</param>
    /// <param name="part">What the first part is.</param>
    /// <exception cref="ArgumentException">f changes the number of dimensions.</exception>
    public static Bijector On(this Bijector f, Partition part) => new On(f, part);
}
