namespace Bijectors.Fuzz;

/// <summary>What an input must not do: end in anything but a right answer or a clear refusal.</summary>
/// <param name="what">What it did, as a sentence.</param>
/// <param name="inner">What was thrown.</param>
internal sealed class Finding(string what, Exception? inner = null) : Exception(what, inner);
