namespace Bijectors.RandomPrograms.Run;

/// <summary>What went wrong with one program.</summary>
/// <param name="Kind">In a word, the same for the same mistake: a law, a diagnostic.</param>
/// <param name="Reason">The whole story.</param>
/// <param name="Where">The expression that was refused, where one was.</param>
internal sealed record Failure(string Kind, string Reason, string Where = "");
