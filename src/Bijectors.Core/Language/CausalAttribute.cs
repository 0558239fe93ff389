namespace Bijectors;

/// <summary>
/// Promises that a function is strictly causal in its first argument: entry i of whatever it gives depends only on the entries before i. Then a part may be
/// mapped, element by element, by what the function says of the part itself: the Jacobian is triangular, the forward map one pass, and the
/// inverse is found entry by entry.
/// </summary>
/// <remarks>
/// On a method it speaks of that method, on a class or on a field of all methods of the object; other arguments must not depend on the part.
/// Results have the part's size along the axis. The inverse evaluates the function where only the first entries are known; the others are then a number from inside
/// the part's domain, 0 where that is one, and must not spoil what the function says of the entries before them.
/// </remarks>
/// <param name="axis">The dimension along which entries are ordered, counted from the end: -1 features, -2 the tokens of <c>(tokens, channels)</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class CausalAttribute(int axis = -1) : Attribute
{
    /// <summary>The dimension along which entries are ordered, counted from the end.</summary>
    public int Axis { get; } = axis;

    /// <summary>
    /// The method that begins an incremental pass: it takes a tensor like the part (only shape, dtype and device count) and the function's other arguments,
    /// and gives a <see cref="CausalPass"/> that has each causal method again, without arguments, for the next entry alone. Without it the
    /// inverse runs the whole function once for every entry.
    /// </summary>
    public string? Incremental { get; set; }
}
