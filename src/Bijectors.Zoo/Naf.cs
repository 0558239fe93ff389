namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Naf"/>.</summary>
public sealed record NafOptions : SharingOptions
{
    /// <summary>Number of autoregressive layers.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 2;

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Residual blocks of each network.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;

    /// <summary>Sigmoids of the monotone network that maps a feature.</summary>
    [AtLeast(1)]
    public int Units { get; init; } = 4;

    /// <summary>Whether the order of the features is reversed between layers.</summary>
    public bool Reverse { get; init; } = true;
}

/// <summary>
/// NAF: autoregressive layers in which each feature goes through a monotone network, a mixture of sigmoids and its
/// logit, whose weights are read off the features before it.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. One such layer can be any distribution that has a density, up to how large
/// its networks are. A density costs one pass of the networks; a sample solves a monotone equation for each feature and
/// takes some passes' time. Source: Huang, Krueger, Lacoste, Courville 2018, Neural autoregressive flows, arXiv
/// 1804.00779, deep sigmoidal flows (DSF).
/// </remarks>
public static class Naf
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static NafOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a NAF.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, NafOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("NAF");
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Sharing(options, steps => steps.Repeat(
                options.Layers,
                (layer, i) => (options.Reverse && i > 0 ? layer.Reverse() : layer)
                    .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                    .Autoregressive(Transformer.DeepSigmoid(options.Units), options.Hidden, options.Blocks)))
            .Into(Distribution.StandardNormal);
    }
}
