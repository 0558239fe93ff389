namespace Bijectors.Zoo;

/// <summary>The options of <see cref="JetFormer"/>.</summary>
public sealed record JetFormerOptions : PatchOptions
{
    /// <summary>The default options.</summary>
    public JetFormerOptions() => Expansion = 3;

    /// <summary>Number of couplings between patches and tokens.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 6;

    /// <summary>Every how many couplings one splits the patches as a checkerboard; 0 for none.</summary>
    [AtLeast(0)]
    public int SpatialEvery { get; init; } = 3;

    /// <summary>Channels of a token that the mixture models; the others are standard normal. 0 for half.</summary>
    [AtLeast(0)]
    public int Informative { get; init; }

    /// <summary>Normal distributions in the mixture of each token.</summary>
    [AtLeast(1)]
    public int Components { get; init; } = 8;

    /// <summary>Layers of attention of each network of the Jet.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 1;

    /// <summary>Layers of attention of the causal transformer that gives the mixtures.</summary>
    [AtLeast(0)]
    public int DecoderLayers { get; init; } = 2;
}

/// <summary>
/// JetFormer: a <see cref="Jet"/> turns patches into tokens, some channels of each are factored out to a standard
/// normal, and of the others a causal transformer gives token after token a mixture whose components are normal.
/// </summary>
/// <remarks>Source: Tschannen, Pinto, Kolesnikov 2024, JetFormer: an autoregressive generative model of raw images and
/// text, arXiv 2411.19722, and its published code. Images only, without text and without the noise that the paper adds
/// at the beginning of training; an adaptor has the spline and norms of our Jet.</remarks>
public static class JetFormer
{
    /// <summary>The default options, with patches that suit an image and are even in number.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static JetFormerOptions OptionsFor(Shape shape) =>
        new JetFormerOptions().For(shape, count => count % 2 == 0);

    /// <summary>Declares a JetFormer.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, the patch size does not divide it, or patches are split
    /// that are odd in number.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, JetFormerOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(JetFormer));
        return Flow.On(shape.Image(nameof(JetFormer)), seed)
            .Given(context)
            .Pixels(levels, options)
            .JetCouplings(options, options.Couplings, options.SpatialEvery, options.Layers)
            .Informative(nameof(JetFormer), options.Informative, (_, rest) => new StandardNormal(rest))
            .Into(b => b.TokenMixture(options, options.Components, options.DecoderLayers));
    }
}
