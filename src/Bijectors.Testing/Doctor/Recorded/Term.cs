namespace Bijectors.Testing.Doctor;

/// <summary>One of the numbers that a step of a calculation was made of.</summary>
/// <param name="Of">Which step.</param>
/// <param name="Slope">The partial derivative with respect to it.</param>
/// <param name="SlopeError">How wrong the derivative may be, in roundings.</param>
internal readonly record struct Term(int Of, double Slope, double SlopeError);
