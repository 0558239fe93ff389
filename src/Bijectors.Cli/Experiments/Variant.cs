using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One row of an experiment: a model with some of its options changed.</summary>
/// <param name="Section">The table that it belongs to.</param>
/// <param name="Name">What it is called there.</param>
/// <param name="Model">The kind of model.</param>
/// <param name="Changes">Options that differ from <see cref="Model.DefaultsFor"/>, as name and value.</param>
/// <param name="Permute">The seed of a fixed order of the pixels; null to leave them.</param>
/// <param name="RateOf">The row whose learning rate it takes; null for one chosen among the rates on
/// validation.</param>
internal sealed record Variant(
    string Section,
    string Name,
    Model Model,
    IReadOnlyList<(string Option, string Value)> Changes,
    int? Permute = null,
    string? RateOf = null)
{
    /// <summary>The options for items of a shape, without a width.</summary>
    public object OptionsFor(Shape shape) => Changes.Aggregate(
        Model.DefaultsFor(shape), (options, change) => Model.With(options, change.Option, change.Value));
}
