using System.ComponentModel;

namespace Bijectors.Cli;

/// <summary>The samples of a request.</summary>
/// <param name="Samples">The samples.</param>
/// <param name="Seed">What they were drawn from.</param>
internal sealed record SampleAnswer(
    [property: Description("The samples, one in each row.")]
    Cell[][] Samples,
    [property: Description("The seed they were drawn from: sent again, it gives the same samples up to rounding.")]
    int Seed);
