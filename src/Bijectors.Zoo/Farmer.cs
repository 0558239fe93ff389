namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Farmer"/>.</summary>
public sealed record FarmerOptions
{
    /// <summary>Height and width of a patch; see <see cref="Farmer.OptionsFor"/> for what suits an image.</summary>
    public int Patch { get; init; } = 2;

    /// <summary>Number of autoregressive blocks of the flow.</summary>
    public int Blocks { get; init; } = 3;

    /// <summary>Layers of attention in a block.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Channels of a token that the autoregressive mixture models; 0 for half. The others have one mixture for
    /// all tokens.</summary>
    public int Informative { get; init; }

    /// <summary>Normal distributions in each mixture.</summary>
    public int Components { get; init; } = 8;

    /// <summary>Layers of attention of the causal transformer that gives the mixtures.</summary>
    public int DecoderLayers { get; init; } = 2;

    /// <summary>Width of the tokens inside all networks.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>Heads of attention.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>How many times the width the hidden layers have.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;
}

/// <summary>
/// FARMER: autoregressive blocks of a <see cref="TarFlow"/> turn patches into tokens; of the informative channels of
/// each a causal transformer gives token after token a mixture of normal distributions, and the redundant channels of
/// all tokens have one mixture, which depends on the informative ones.
/// </summary>
/// <remarks>The redundant channels' mixture is read off all informative channels by a residual network, where the paper
/// has its transformer read them; there is no resampling guidance and no distillation. Source: Zheng et al. 2025,
/// FARMER: flow autoregressive transformer over pixels, arXiv 2510.23588.</remarks>
public static class Farmer
{
    /// <summary>The default options, with patches that suit an image, see <see cref="MixerFlow.OptionsFor"/>.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static FarmerOptions OptionsFor(Shape shape)
    {
        var options = new FarmerOptions { MarginalBins = PixelSteps.MarginalBins(shape) };
        return options with { Patch = PatchSize.Balanced(shape) ?? options.Patch };
    }

    /// <summary>Declares a FARMER.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <param name="levels">How many levels the pixels have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which all networks read; null
    /// for none.</param>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, FarmerOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check("FARMER", options.Patch, 1);
        OptionRange.Check("FARMER", options.Components, 1);
        var blocks = new TarFlowOptions
        {
            Blocks = options.Blocks, Layers = options.Layers, Hidden = options.Hidden, Heads = options.Heads,
            Expansion = options.Expansion, MarginalBins = options.MarginalBins,
        };
        return Flow.On(shape.Image("FARMER"), seed)
            .Given(context)
            .Pixels(levels, options.Alpha, options.MarginalBins)
            .Patchify(options.Patch)
            .Blocks("FARMER", blocks)
            .Informative("FARMER", options.Informative, (b, rest) => Redundant(b, rest, options))
            .Into(b => b.TokenMixture(
                "FARMER", options.Components, options.Hidden, options.DecoderLayers, options.Heads,
                options.Expansion));
    }

    /// <summary>One mixture for all tokens, given the informative channels and the context.</summary>
    private static NormalMixture Redundant(FlowBuilder flow, Shape rest, FarmerOptions options)
    {
        var read = flow.Shape.Size - rest.Size + flow.ContextSize;
        var network = new ResidualMlp(
            read, options.Components * (1 + (2 * rest[-1])), options.Hidden, 1, flow.Generator);
        return new(rest, options.Components, network, Shape.Vector(read), flow.Generator);
    }
}
