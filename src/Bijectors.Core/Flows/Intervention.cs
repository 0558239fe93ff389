namespace Bijectors;

/// <summary>An intervention <c>do(x_i = a)</c>: feature i is set to a, whatever it depended on.</summary>
/// <param name="Feature">The feature i, from 0.</param>
/// <param name="Value">The value a.</param>
public readonly record struct Intervention(int Feature, double Value);
