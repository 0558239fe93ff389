namespace Bijectors.Cli;

/// <summary>The time of one thing.</summary>
/// <param name="Ours">The median, in seconds.</param>
/// <param name="Eager">The median in plain operations of torch, in seconds; null where it was not taken.</param>
/// <param name="Ratio">The median of ours divided by the other beside it.</param>
internal sealed record BenchTime(double Ours, double? Eager = null, double? Ratio = null);
