namespace Bijectors.Testing;

/// <summary>
/// A direction of a bijector at points, in float64: what comes out, and how much rounding may show there and back. What
/// is ill conditioned in the middle of a composition, as <c>exp</c> before <c>log</c>, cannot be seen in the Jacobian
/// of the whole, so a composition is followed step by step and part by part.
/// </summary>
internal abstract class Pass
{
    /// <summary>What comes out, <c>(B, event...)</c>.</summary>
    public abstract Tensor Y { get; }

    /// <summary>The error of what comes out, from that of what goes in; both absolute, <c>(B, event...)</c>.</summary>
    public abstract Tensor There(Tensor error);

    /// <summary>The error of what is got back, from that of what comes out.</summary>
    public abstract Tensor Back(Tensor error);

    /// <summary>The error of the log-det, <c>(B)</c>, from that of what goes in.</summary>
    public abstract Tensor OfLogDet(Tensor error);

    /// <summary>The pass of a direction at points.</summary>
    /// <param name="lawContext">Whose dtype the rounding is of.</param>
    /// <param name="direction">A direction of a bijector in float64.</param>
    /// <param name="x">Points, <c>(B, event...)</c>.</param>
    /// <param name="context">The context of each, <c>(B, C)</c>.</param>
    public static Pass Of(LawContext lawContext, Direction direction, Tensor x, Tensor? context) =>
        direction.Stages() switch
        {
            [] => new StepPass(lawContext, direction, x, context),
            [var only] => Of(lawContext, only, direction.FromShape, x, context),
            var stages => new SequencePass(lawContext, stages, direction.FromShape, x, context),
        };

    /// <summary>The pass of one stage at points of a shape.</summary>
    protected static Pass Of(LawContext lawContext, Stage stage, Shape shape, Tensor x, Tensor? context) =>
        stage.IsWhole
        ? Of(lawContext, Direction.StartingAt(shape, stage.Children[0]!, stage.IsInverse), x, context)
        : new PlacedPass(lawContext, stage, shape, x, context);
}
