namespace Bijectors;

/// <summary>
/// Promises that a tensor holds zeros and ones alone, of the dimensions of an event, and that they stay as they are: a
/// mask. Then <c>m * x + (1 - m) * (x * exp(s) + t)</c>, with s and t computed from <c>m * x</c>, is read as what it
/// is: the entries that m keeps pass, the others are mapped, conditioned on those.
/// </summary>
/// <remarks>Shapes and numbers are looked at when a flow is declared.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class MaskAttribute : Attribute;
