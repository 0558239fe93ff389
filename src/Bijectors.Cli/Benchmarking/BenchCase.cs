namespace Bijectors.Cli;

/// <summary>A model at one size that <c>bijectors bench</c> takes the times of.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Batch">The number of items of a training step and of a density pass.</param>
/// <param name="Samples">The number of items drawn at once.</param>
/// <param name="Create">Makes the flow, with parameters from a fixed seed.</param>
/// <param name="Twin">Declares the same model in plain operations of torch.</param>
internal sealed record BenchCase(
    string Name, string Summary, int Batch, int Samples, Func<Flow> Create, Func<EagerState, EagerLayer> Twin);
