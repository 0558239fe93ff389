namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Maf"/>.</summary>
public sealed record MafOptions : SharingOptions
{
    /// <summary>Number of autoregressive layers.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 4;

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Residual blocks of each network.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;

    /// <summary>Whether the order of the features is reversed between layers.</summary>
    public bool Reverse { get; init; } = true;
}

/// <summary>
/// MAF: layers in which each feature is scaled and shifted by what the features before it say, the order
/// reversed in between.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. Densities cost one pass of the networks, samples about as much. Source:
/// Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow for density estimation, arXiv 1705.07057.
/// </remarks>
public static class Maf
{
    /// <summary>The default options, and for small images the spline of each entry, which validation prefers.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static MafOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a MAF.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    public static Flow Create(
        Shape shape, MafOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("MAF");
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Sharing(options, steps => steps.Repeat(
                options.Layers,
                (layer, i) => (options.Reverse && i > 0 ? layer.Reverse() : layer)
                    .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                    .MaskedAutoregressive(options.Hidden, options.Blocks)))
            .Into(Distribution.StandardNormal);
    }
}
