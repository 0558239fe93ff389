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
    /// The floor of the norm before a layer. Only the first norm may enlarge what is nearly constant; one after another
    /// they would multiply, until one bright pixel in a thousand stands at a thousand.
    /// </summary>
    /// <param name="layer">The number of the layer, from 0.</param>
    /// <param name="marginalBins">Bins of the spline before all layers, which has a norm of its own.</param>
    public static double Floor(int layer, int marginalBins) => layer == 0 && marginalBins == 0 ? LeastDeviation : 1;

    /// <summary>The same for data of any shape: features without levels may have different units, and no
    /// floor.</summary>
    /// <param name="levels">How many levels the data have; null for continuous data.</param>
    /// <param name="layer">The number of the layer, from 0.</param>
    /// <param name="marginalBins">Bins of the spline before all layers, which has a norm of its own.</param>
    public static double Floor(int? levels, int layer, int marginalBins) =>
        levels is null ? 0 : Floor(layer, marginalBins);

    /// <summary>Beyond it splines are the identity; entries of deviation 1 seldom reach there.</summary>
    public const double SplineBound = 4;

    private const long LargestCentred = 32 * 32;

    /// <summary>
    /// A context of any shape, its numbers standardised by those of the first batch; nothing where there is none.
    /// </summary>
    public static FlowBuilder Given(this FlowBuilder flow, Shape? context) =>
        context is { } shape ? flow.Conditional(shape, _ => new ContextStandardization(shape)) : flow;

    /// <summary>
    /// Levels to the real line: dequantized, then <c>logit(alpha + (1 - 2 alpha) x)</c>; continuous data pass
    /// unchanged. Then, where there are bins, a spline of its own for each entry: the marginals are learned first, and
    /// layers that are shared by all places meet entries of one distribution.
    /// </summary>
    /// <param name="flow">The declaration.</param>
    /// <param name="levels">How many levels the data have; null for continuous data.</param>
    /// <param name="options">What says how far pixels are kept from 0 and 1, and how many bins splines have.</param>
    /// <param name="centred">True to bring levels to [-1, 1] in place of the logit.</param>
    public static FlowBuilder Pixels(this FlowBuilder flow, int? levels, ModelOptions options, bool centred = false)
    {
        if (levels is { } count)
        {
            _ = centred
                ? flow.Dequantize(count).Then(new Affine(2, -1))
                : flow.Dequantize(count).Logit(options.Alpha);
        }

        return options.MarginalBins == 0
            ? flow
            : flow.ActNormElements(LeastDeviation)
                .Elementwise(Transformer.RationalQuadratic(options.MarginalBins, SplineBound));
    }

    /// <summary>Steps whose networks share what the options say.</summary>
    public static FlowBuilder Sharing(
        this FlowBuilder flow, SharingOptions options, Func<FlowBuilder, FlowBuilder> steps) =>
        options.Share == 0 ? steps(flow) : flow.Sharing(options.Share, steps);

    /// <summary>
    /// The bins of that spline for items of a shape. Pixels of small, centred images differ by their place; those of
    /// photographs do not, and there the splines would hold most of the parameters.
    /// </summary>
    public static int MarginalBins(Shape shape) => shape.Rank == 3 && shape.Size <= LargestCentred ? 16 : 0;

    /// <summary>Stops a model of images at anything else.</summary>
    /// <exception cref="ShapeException">The shape is no image.</exception>
    public static Shape Image(this Shape shape, string model) => shape.Rank == 3
        ? shape
        : throw new ShapeException(
            model, "expected images (channels, height, width)", $"got {shape}; nsf, realnvp and maf take vectors");
}
