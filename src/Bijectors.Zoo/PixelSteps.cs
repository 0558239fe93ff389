namespace Bijectors.Zoo;

/// <summary>How every model of the zoo meets its data.</summary>
internal static class PixelSteps
{
    /// <summary>
    /// The smallest deviation that the first batch may give one pixel, as a share of the largest. At the border of an
    /// image many pixels are nearly constant there; normalised by a hundredth of the usual deviation, the first bright
    /// one sends all networks that read it astray.
    /// </summary>
    public const double LeastDeviation = 0.2;

    /// <summary>
    /// A context of any shape, its numbers standardised by those of the first batch; nothing where there is none.
    /// </summary>
    public static FlowBuilder Given(this FlowBuilder flow, Shape? context) =>
        context is { } shape ? flow.Conditional(shape, _ => new ContextStandardization(shape)) : flow;

    /// <summary>
    /// Levels to the real line: dequantized, then <c>logit(alpha + (1 - 2 alpha) x)</c>. Continuous
    /// data pass unchanged.
    /// </summary>
    public static FlowBuilder Pixels(this FlowBuilder flow, int? levels, double alpha) =>
        levels is { } count ? flow.Dequantize(count).Logit(alpha) : flow;

    /// <summary>Stops a model of images at anything else.</summary>
    /// <exception cref="ShapeException">The shape is no image.</exception>
    public static Shape Image(this Shape shape, string model) => shape.Rank == 3
        ? shape
        : throw new ShapeException(
            model, "expected images (channels, height, width)", $"got {shape}; realnvp and maf take vectors");
}
