namespace Bijectors.Zoo;

/// <summary>The options of <see cref="RealNvp"/>.</summary>
public sealed record RealNvpOptions : SharingOptions
{
    /// <summary>Number of levels of an image; each but the last halves height and width.</summary>
    [AtLeast(1)]
    public int Levels { get; init; } = 2;

    /// <summary>Couplings of each kind in a level of an image; pairs of couplings of a vector.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 4;

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 32;

    /// <summary>Residual blocks of each network on vectors.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;

    /// <summary>Whether means and deviations of the base are trained, given the context where there is one; else it is
    /// a standard normal distribution.</summary>
    public bool LearnedPrior { get; init; }
}

/// <summary>
/// RealNVP. On images: levels of checkerboard couplings, squeeze and channel couplings, after which half of the
/// channels is done; the last level has checkerboard couplings only. On vectors: couplings of the features at even
/// and at odd places.
/// </summary>
/// <remarks>
/// ActNorm stands where the paper has batch normalisation, so that items do not see each other. A network on a
/// checkerboard sees its squares packed side by side instead of a masked image. Source: Dinh, Sohl-Dickstein, Bengio
/// 2017, Density estimation using Real NVP, arXiv 1605.08803.
/// </remarks>
public static class RealNvp
{
    /// <summary>The default options, and for small images the spline of each entry, which validation prefers.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static RealNvpOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a RealNVP.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by 2 once for each level, or
    /// a vector.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The image cannot be halved that often.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, RealNvpOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("RealNVP");
        var flow = Flow.On(shape, seed).Given(context).Pixels(levels, options);
        flow = shape.Rank == 3
            ? flow.Level(options, options.Levels)
            : flow.Couplings(options, 2 * options.Couplings, Partition.Alternating());
        return options.LearnedPrior ? flow.IntoDiagonalNormal() : flow.Into(Distribution.StandardNormal);
    }

    private static FlowBuilder Level(this FlowBuilder flow, RealNvpOptions options, int remaining) => remaining == 1
        ? flow.Couplings(options, options.Couplings + 1, Partition.Checkerboard)
        : flow.Couplings(options, options.Couplings, Partition.Checkerboard)
            .Squeeze()
            .Couplings(options, options.Couplings, Partition.Halves(-3))
            .FactorOut(rest => rest.Level(options, remaining - 1), hidden: 0);

    private static FlowBuilder Couplings(this FlowBuilder flow, RealNvpOptions options, int count, Partition parts) =>
        flow.Sharing(options, steps => steps.Repeat(count, (layer, i) => layer
            .ActNorm()
            .AffineCoupling(options.Hidden, options.Blocks, i % 2 == 0 ? parts : parts.Swapped())));
}
