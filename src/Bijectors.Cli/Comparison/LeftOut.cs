using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>A model that is not in the table, and why.</summary>
/// <param name="Model">The kind of model.</param>
/// <param name="Reason">Why, as the end of a sentence: <c>it does not fit the data: ...</c></param>
/// <param name="Failed">True where it was to be trained and could not be.</param>
internal sealed record LeftOut(Model Model, string Reason, bool Failed = false)
{
    /// <summary>One sentence.</summary>
    public override string ToString() => $"{Model.Title} is left out, {Reason}";
}
