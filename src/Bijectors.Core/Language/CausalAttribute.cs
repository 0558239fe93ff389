namespace Bijectors;

/// <summary>
/// Promises that a function is strictly causal in its first argument: entry i of whatever it gives depends only on the
/// entries before i. Then a part may be mapped, element by element, by what the function says of the part itself: the
/// Jacobian is triangular, the forward map one pass, and the inverse is found entry by entry.
/// </summary>
/// <remarks>
/// On a method it speaks of that method, on a class or on a field of all methods of the object; other arguments must
/// not depend on the part. Results have the part's size along the axis. The inverse evaluates the function where only
/// the first entries are known; the others are then a number from inside the part's domain, 0 where that is one, and
/// must not spoil what the function says of the entries before them.
/// <para>
/// With several axes the order is that of a raster: an entry depends on the entries that come before it along the first
/// axis named, and of those at the same place on that, before it along the next. <c>[Causal(-2, -1)]</c> of an image:
/// pixels in the rows above, and in the same row to the left; an entry is a pixel with all its channels.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class CausalAttribute : Attribute
{
    /// <summary>Entries are ordered along one axis.</summary>
    /// <param name="axis">The dimension along which entries are ordered, counted from the end: -1 features, -2 the
    /// tokens of <c>(tokens, channels)</c>.</param>
    public CausalAttribute(int axis = -1) => Axes = [axis];

    /// <summary>Entries are ordered as in a raster over several axes.</summary>
    /// <param name="slowest">The dimension that counts first, from the end: -2 the rows of an image.</param>
    /// <param name="faster">The dimensions that count next, each where those before it are the same: -1 the
    /// columns.</param>
    public CausalAttribute(int slowest, params int[] faster) => Axes = [slowest, .. faster];

    /// <summary>
    /// The dimensions along which entries are ordered, counted from the end; the first one counts first.
    /// </summary>
    public IReadOnlyList<int> Axes { get; }

    /// <summary>
    /// How many dimensions results have behind those of the part: 1 for <c>(..., D, K)</c> of a part <c>(..., D)</c>, K
    /// numbers for each entry. Only an <see cref="ElementwiseAttribute">[Elementwise]</see> argument of a row of one's
    /// own with as many can take them.
    /// </summary>
    public int Trailing { get; set; }

    /// <summary>
    /// The method that begins an incremental pass: it takes a tensor like the part (only shape, dtype and device count)
    /// and the function's other arguments, and gives a <see cref="CausalPass"/> that has each causal method again,
    /// without arguments, for the next entry alone. Without it the inverse runs the whole function once for every
    /// entry.
    /// </summary>
    public string? Incremental { get; set; }
}
