using System.ComponentModel;

namespace Bijectors.Cli;

/// <summary>What is to be drawn.</summary>
/// <param name="Count">How many samples.</param>
/// <param name="Contexts">What they are given: one for each sample, or one for all.</param>
/// <param name="Seed">The seed they are drawn from; null for another one each time.</param>
internal sealed record SampleBody(
    [property: Description("How many samples.")]
    int Count = 1,
    [property: Description("For a conditional model, what the samples are given: one for each sample, or one for all.")]
    Cell[][]? Contexts = null,
    [property: Description("The seed they are drawn from; without it another one each time.")]
    int? Seed = null);
