namespace Bijectors;

/// <summary>The algebra in method form: <c>f.Along(-2)</c>, <c>f.On(part)</c>.</summary>
public static class BijectorAlgebra
{
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
