namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Farmer"/>.</summary>
public sealed record FarmerOptions : PatchOptions
{
    /// <summary>Number of autoregressive blocks of the flow.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 3;

    /// <summary>Layers of attention in a block.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 2;

    /// <summary>Channels of a token that the autoregressive mixture models; 0 for half. The others have one mixture for
    /// all tokens.</summary>
    [AtLeast(0)]
    public int Informative { get; init; }

    /// <summary>Normal distributions in each mixture.</summary>
    [AtLeast(1)]
    public int Components { get; init; } = 8;

    /// <summary>Layers of attention of the causal transformer that gives the mixtures.</summary>
    [AtLeast(0)]
    public int DecoderLayers { get; init; } = 2;
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
    public static FarmerOptions OptionsFor(Shape shape) => new FarmerOptions().For(shape);

    /// <summary>Declares a FARMER.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, FarmerOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("FARMER");
        return Flow.On(shape.Image("FARMER"), seed)
            .Given(context)
            .Pixels(levels, options)
            .Patchify(options.Patch)
            .TarFlowBlocks(options, options.Blocks, options.Layers)
            .Informative("FARMER", options.Informative, (b, rest) => Redundant(b, rest, options))
            .Into(b => b.TokenMixture(options, options.Components, options.DecoderLayers));
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
