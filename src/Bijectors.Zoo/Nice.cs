namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Nice"/>.</summary>
public sealed record NiceOptions : SharingOptions
{
    /// <summary>Number of couplings.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 4;

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Residual blocks of each network.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 2;
}

/// <summary>
/// NICE: additive couplings of the features at even and at odd places in turn, a trained scale of each feature, and a
/// logistic base.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. The couplings preserve volume; all scales are in the last layer. The scale
/// comes with a shift, and both start from the first batch. Source: Dinh, Krueger, Bengio 2015, NICE: Non-linear
/// independent components estimation, arXiv 1410.8516.
/// </remarks>
public static class Nice
{
    /// <summary>The default options, and for small images the spline of each entry, which validation prefers.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static NiceOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a NICE.</summary>
    /// <param name="shape">Any shape of two features or more.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, NiceOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("NICE");
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Sharing(options, steps => steps.Repeat(options.Couplings, (layer, i) => layer.AdditiveCoupling(
                options.Hidden, options.Blocks,
                i % 2 == 0 ? Partition.Alternating() : Partition.Alternating().Swapped())))
            .ActNorm(floor: levels is null ? 0 : PixelSteps.LeastDeviation)
            .Into(Distribution.StandardLogistic);
    }
}
