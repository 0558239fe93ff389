namespace Bijectors.RandomFlows;

/// <summary>What went wrong with one flow.</summary>
/// <param name="Kind">The law, or the fact about flows; the same for the same mistake.</param>
/// <param name="Reason">The whole story.</param>
internal sealed record Failure(string Kind, string Reason);
