namespace Bijectors.Zoo;

/// <summary>The options of <see cref="PlanarFlow"/>.</summary>
public sealed record PlanarFlowOptions : ModelOptions
{
    /// <summary>Number of maps, one hidden unit each: the length of the flow.</summary>
    [AtLeast(0)]
    public int Hidden { get; init; } = 32;

    /// <summary>Every how many maps one is radial; 0 for none, 1 for all.</summary>
    [AtLeast(0)]
    public int RadialEvery { get; init; }

    /// <summary>Width of the networks by which a context moves the parameters of a map.</summary>
    [AtLeast(1)]
    public int Width { get; init; } = 16;
}

/// <summary>
/// Planar flow: many maps one after another that each bend space across one direction, or stretch it around one point.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. Data go forward through the maps, so scoring needs no inverse; samples solve
/// one monotone equation for each planar map. A trained scale and shift of each feature stand at both ends. Source:
/// Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770, section 4.
/// </remarks>
public static class PlanarFlow
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static PlanarFlowOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a planar flow.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context of a conditional model, which moves the parameters; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, PlanarFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(PlanarFlow));
        var width = context is null ? 0 : options.Width;
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .ActNorm(floor: PixelSteps.Floor(levels, 0, options.MarginalBins))
            .Repeat(options.Hidden, (flow, i) => options.IsRadial(i) ? flow.Radial(width) : flow.Planar(width))
            .ActNorm(floor: PixelSteps.Floor(levels, 1, options.MarginalBins))
            .Into(Distribution.StandardNormal);
    }

    private static bool IsRadial(this PlanarFlowOptions options, int map) =>
        options.RadialEvery > 0 && (map + 1) % options.RadialEvery == 0;
}
