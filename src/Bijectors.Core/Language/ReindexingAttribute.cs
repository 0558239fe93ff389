namespace Bijectors;

/// <summary>
/// Tells the compiler that a method moves elements and computes nothing, and how to undo it: call <see cref="Inverse"/>
/// on the same object or class with the parts that this method returned, then this method's other arguments as listed.
/// The method has a twin of the same name on <see cref="Shape"/>, from which the compiler writes
/// <see cref="Bijector.OutputShape"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReindexingAttribute(string inverse, params int[] arguments) : Attribute
{
    /// <summary>The name of the undoing method.</summary>
    public string Inverse { get; } = inverse;

    /// <summary>
    /// Behind the parts: the places of this method's arguments that the undoing method takes, in its order.
    /// </summary>
    public IReadOnlyList<int> Arguments { get; } = arguments;

    /// <summary>Whether the parts that come out have another number of dimensions than those that go in.</summary>
    public bool ChangesRank { get; init; }
}
