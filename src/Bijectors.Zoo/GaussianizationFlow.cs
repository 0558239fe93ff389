namespace Bijectors.Zoo;

/// <summary>The options of <see cref="GaussianizationFlow"/>.</summary>
public sealed record GaussianizationFlowOptions
{
    /// <summary>Number of layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Components of the mixture of each feature.</summary>
    public int Hidden { get; init; } = 8;

    /// <summary>Reflections of each rotation; no more than there are features.</summary>
    public int Reflections { get; init; } = 8;

    /// <summary>Width of the networks by which a context moves the mixtures.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;
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
    /// <param name="levels">How many levels the data have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which moves the mixtures; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, GaussianizationFlowOptions? options = null, int? levels = null, int seed = 0,
        Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check(nameof(GaussianizationFlow), options.Layers, 0);
        OptionRange.Check(nameof(GaussianizationFlow), options.Hidden, 1);
        OptionRange.Check(nameof(GaussianizationFlow), options.Reflections, 1);
        OptionRange.Check(nameof(GaussianizationFlow), options.Width, 1);
        var reflections = (int)Math.Min(options.Reflections, shape.Size);
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options.Alpha, options.MarginalBins)
            .Flatten()
            .Repeat(options.Layers, (layer, i) => (i > 0 ? layer.Householder(reflections) : layer)
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .Elementwise(Transformer.Gaussianization(options.Hidden), context is null ? 0 : options.Width))
            .Into(Distribution.StandardNormal);
    }
}
