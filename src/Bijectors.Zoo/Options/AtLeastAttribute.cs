namespace Bijectors.Zoo;

/// <summary>The smallest value of an option of which a model can be made.</summary>
/// <param name="least">The value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtLeastAttribute(int least) : Attribute
{
    /// <summary>The value.</summary>
    public int Least { get; } = least;
}
