namespace Bijectors.Zoo;

/// <summary>The options of <see cref="LatentFlow"/>.</summary>
public sealed record LatentFlowOptions : PatchOptions
{
    /// <summary>Channels of the latent of a patch; 0 for as many as a patch has.</summary>
    [AtLeast(0)]
    public int Latent { get; init; }

    /// <summary>The constant deviation of the posterior (SimFlow); 0 for deviations that the encoder gives.</summary>
    public double Deviation { get; init; } = 0.5;

    /// <summary>Residual blocks of the encoder, which reads each patch.</summary>
    [AtLeast(0)]
    public int EncoderLayers { get; init; } = 1;

    /// <summary>Layers of attention of the decoder, which reads all latents.</summary>
    [AtLeast(0)]
    public int DecoderLayers { get; init; } = 1;

    /// <summary>Number of autoregressive blocks of the prior.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 3;

    /// <summary>Layers of attention in a block.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 1;

    /// <summary>Layers of attention in the last block, next to the base.</summary>
    [AtLeast(0)]
    public int DeepLayers { get; init; } = 3;
}

/// <summary>
/// A flow in a latent space: a variational autoencoder turns each patch into a latent token with noise, of constant
/// deviation or of one that is learned, and a <see cref="TarFlow"/> of few shallow blocks and a deep one is the prior
/// of the tokens; all parts are trained together on the lower bound.
/// </summary>
/// <remarks>The bound is that of the density, without weights of its terms and without perceptual losses; the encoder
/// is a residual network of each patch, the decoder a vision transformer that gives means and deviations; a context is
/// read by the prior. Source: Gu et al. 2025, STARFlow, arXiv 2506.06276; trained in one go with a constant deviation
/// Zhao et al. 2025, SimFlow, arXiv 2512.04084.</remarks>
public static class LatentFlow
{
    /// <summary>The default options, with patches that suit an image, see <see cref="MixerFlow.OptionsFor"/>.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static LatentFlowOptions OptionsFor(Shape shape) => new LatentFlowOptions().For(shape);

    /// <summary>Declares a latent flow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context of a conditional model, which the prior reads; null for
    /// none.</param>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, LatentFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(LatentFlow));
        return Flow.On(shape.Image(nameof(LatentFlow)), seed)
            .Given(context)
            .Pixels(levels, options)
            .Patchify(options.Patch)
            .Then(b => Autoencoder(b, options))
            .TarFlowBlocks(
                options with { MarginalBins = 0 }, options.Blocks, options.Layers, options.DeepLayers)
            .Into(Distribution.StandardNormal);
    }

    private static VariationalAutoencoder Autoencoder(FlowBuilder flow, LatentFlowOptions options)
    {
        var table = flow.Shape;
        var latent = table.With(-1, options.Latent == 0 ? table[-1] : options.Latent);
        var isFixed = options.Deviation != 0;
        var encoder = new ResidualMlp(
            table[-1], (isFixed ? 1 : 2) * latent[-1], options.Hidden, options.EncoderLayers, flow.Generator, 0,
            new() { OutputGain = 1 });
        var decoder = new VisionTransformer(
            latent[-1], 2 * table[-1], table[-2], options.Hidden, options.DecoderLayers, flow.Generator,
            heads: options.Heads, expansion: options.Expansion);
        return new(
            isFixed
                ? new LocationScale(new StandardNormal(latent), encoder, table, options.Deviation)
                : new LocationScale(new StandardNormal(latent), encoder, table),
            new LocationScale(new StandardNormal(table), decoder, latent));
    }
}
