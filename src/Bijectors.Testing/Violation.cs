namespace Bijectors.Testing;

/// <summary>
/// What does not hold, and where: a direction of the bijector and the smallest points found, for a law of points.
/// </summary>
internal sealed record Violation(Mismatch Mismatch, Direction? Direction = null, Points? Points = null);
