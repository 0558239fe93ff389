namespace Bijectors.Testing;

/// <summary>The result of one law.</summary>
/// <param name="Law">The name of the law.</param>
/// <param name="Passed">True where it holds.</param>
/// <param name="Message">What it states where it holds, otherwise the text of the
/// <see cref="LawViolationException"/>.</param>
public sealed record LawResult(string Law, bool Passed, string Message);
