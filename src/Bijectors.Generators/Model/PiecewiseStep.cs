namespace Bijectors.Generators.Model;

/// <summary>
/// Maps a part by some maps below a number, the cut, and by others above it. Both have one direction, have a slope at
/// the cut, and take it to one number.
/// </summary>
/// <param name="Input">The part that goes in.</param>
/// <param name="Output">The part that comes out.</param>
/// <param name="Cut">The number.</param>
/// <param name="CutIsBelow">Whether the number itself counts as below.</param>
/// <param name="Image">What the number is taken to.</param>
/// <param name="IsIncreasing">The direction.</param>
/// <param name="Domain">Where both pieces together are defined.</param>
/// <param name="Below">The maps of what is less than the cut.</param>
/// <param name="Above">The maps of what is greater.</param>
internal sealed record PiecewiseStep(
    int Input,
    int Output,
    double Cut,
    bool CutIsBelow,
    double Image,
    bool IsIncreasing,
    Bounds Domain,
    Piece Below,
    Piece Above)
    : ElementwiseStep(Input, Output)
{
    /// <summary>The maps of both pieces, and of the pieces that they are made of.</summary>
    public IEnumerable<MapStep> Maps => Below.Steps.Concat(Above.Steps)
        .SelectMany(s => s is PiecewiseStep inner ? inner.Maps : [(MapStep)s]);
}

/// <summary>
/// One piece: rows of the table one after the other, or pieces again. <see cref="Output"/> is the part that the last of
/// them makes, the input where there is none.
/// </summary>
internal sealed record Piece(EquatableArray<Step> Steps, int Output);
