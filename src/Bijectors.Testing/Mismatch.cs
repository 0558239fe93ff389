namespace Bijectors.Testing;

/// <summary>What was looked at, what a law expects there and what came instead.</summary>
/// <param name="What">What was looked at: <c>Inverse(Forward(x)), entry 2</c>.</param>
/// <param name="Expected">What the law expects.</param>
/// <param name="Got">What came instead.</param>
public sealed record Mismatch(string What, string Expected, string Got);
