namespace Bijectors.Zoo;

/// <summary>The options of <see cref="GaussianizationFlow"/>.</summary>
public sealed record GaussianizationFlowOptions : ModelOptions
{
    /// <summary>Number of layers.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 4;

    /// <summary>Components of the mixture of each feature.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 8;

    /// <summary>Reflections of each rotation; no more than there are features.</summary>
    [AtLeast(1)]
    public int Reflections { get; init; } = 8;

    /// <summary>Width of the networks by which a context moves the mixtures.</summary>
    [AtLeast(1)]
    public int Width { get; init; } = 32;
}

/// <summary>
/// Gaussianization flow: each feature through the distribution function of a trained mixture and the normal quantile,
/// then all of them through a trained rotation, layer after layer.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. No network, but to read a context: each layer makes every marginal normal,
/// the rotation brings other marginals. Both directions are passes over all features at once, an inverse one with a
/// monotone equation for each. Source: Meng, Song, Song, Ermon 2020, Gaussianization flows, arXiv 2003.01941; trained
/// in one go, with Householder reflections, where Chen, Gopinath 2000, Gaussianization, fits one layer after another.
/// </remarks>
public static class GaussianizationFlow
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static GaussianizationFlowOptions OptionsFor(Shape shape) =>
        new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a Gaussianization flow.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context of a conditional model, which moves the mixtures; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, GaussianizationFlowOptions? options = null, int? levels = null, int seed = 0,
        Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(GaussianizationFlow));
        var reflections = (int)Math.Min(options.Reflections, shape.Size);
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Repeat(options.Layers, (layer, i) => (i > 0 ? layer.Householder(reflections) : layer)
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .Elementwise(Transformer.Gaussianization(options.Hidden), context is null ? 0 : options.Width))
            .Into(Distribution.StandardNormal);
    }
}
