namespace Bijectors.Zoo;

/// <summary>The options of <see cref="JetFormer"/>.</summary>
public sealed record JetFormerOptions
{
    /// <summary>The Jet between patches and tokens. Its width is <see cref="Hidden"/>, and it takes patches, spline
    /// and alpha from here.</summary>
    public int Couplings { get; init; } = 6;

    /// <summary>Height and width of a patch; see <see cref="JetFormer.OptionsFor"/> for what suits an image.</summary>
    public int Patch { get; init; } = 2;

    /// <summary>Every how many couplings one splits the patches as a checkerboard; 0 for none.</summary>
    public int SpatialEvery { get; init; } = 3;

    /// <summary>Channels of a token that the mixture models; the others are standard normal. 0 for half.</summary>
    public int Informative { get; init; }

    /// <summary>Normal distributions in the mixture of each token.</summary>
    public int Components { get; init; } = 8;

    /// <summary>Layers of attention of each network of the Jet.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Layers of attention of the causal transformer that gives the mixtures.</summary>
    public int DecoderLayers { get; init; } = 2;

    /// <summary>Width of the tokens inside all networks.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>Heads of attention.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>How many times the width the hidden layers have.</summary>
    public int Expansion { get; init; } = 3;

    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;
}

/// <summary>
/// JetFormer: a <see cref="Jet"/> turns patches into tokens, some channels of each are factored out to a standard
/// normal, and of the others a causal transformer gives token after token a mixture of normal distributions.
/// </summary>
/// <remarks>Source: Tschannen, Pinto, Kolesnikov 2024, JetFormer: an autoregressive generative model of raw images and
/// text, arXiv 2411.19722, and its published code. Images only, without text and without the noise that the paper adds
/// at the beginning of training; an adaptor has the spline and norms of our Jet.</remarks>
public static class JetFormer
{
    /// <summary>The default options, with patches that suit an image and are even in number.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static JetFormerOptions OptionsFor(Shape shape)
    {
        var jet = Jet.OptionsFor(shape);
        return new() { Patch = jet.Patch, MarginalBins = jet.MarginalBins };
    }

    /// <summary>Declares a JetFormer.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <param name="levels">How many levels the pixels have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which all networks read; null
    /// for none.</param>
    /// <exception cref="ShapeException">The shape is no image, the patch size does not divide it, or patches are split
    /// that are odd in number.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, JetFormerOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        var jet = new JetOptions
        {
            Patch = options.Patch, Couplings = options.Couplings, SpatialEvery = options.SpatialEvery,
            Layers = options.Layers, Hidden = options.Hidden, Heads = options.Heads, Expansion = options.Expansion,
            MarginalBins = options.MarginalBins, Alpha = options.Alpha,
        };
        return Flow.On(shape.Image(nameof(JetFormer)), seed)
            .Given(context)
            .Patches(nameof(JetFormer), jet, levels)
            .Informative(nameof(JetFormer), options.Informative, (_, rest) => new StandardNormal(rest))
            .Into(b => b.TokenMixture(
                nameof(JetFormer), options.Components, options.Hidden, options.DecoderLayers, options.Heads,
                options.Expansion));
    }
}
