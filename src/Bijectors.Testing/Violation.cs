namespace Bijectors.Testing;

/// <summary>
/// What does not hold, and, for a law of points, in which direction and at which smallest points.
/// </summary>
internal sealed record Violation(Mismatch Mismatch, Direction? Direction = null, Points? Points = null);
