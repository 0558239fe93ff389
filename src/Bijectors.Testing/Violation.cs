namespace Bijectors.Testing;

/// <summary>
/// What does not hold, and where: a way of the bijector and the smallest points found, for a law of points.
/// </summary>
internal sealed record Violation(Mismatch Mismatch, Way? Way = null, Points? Points = null);
