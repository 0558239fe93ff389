using System.ComponentModel;

namespace Bijectors.Cli;

/// <summary>What is to be scored.</summary>
/// <param name="Rows">Items, one in each row; an image has its pixels in one row.</param>
/// <param name="Contexts">What they are given: one for each item, or one for all.</param>
/// <param name="Seed">The seed of the noise, where scores take some.</param>
internal sealed record ScoreBody(
    [property: Description("Items, one in each row; an image has its pixels in one row, channel by channel.")]
    Cell[][] Rows,
    [property: Description("For a conditional model, what the items are given: one for each item, or one for all.")]
    Cell[][]? Contexts = null,
    [property: Description("The seed of the noise, where scores take some.")]
    int Seed = 0);
