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
/// A flow in a latent space: a variational autoencoder turns patches into latents, and a <see cref="TarFlow"/> of
/// shallow blocks and a deep one is their prior; all is trained together, on the lower bound.
/// </summary>
/// <remarks>The encoder is a residual network of each patch, the decoder a vision transformer. With a constant
/// deviation and latents as large as patches both start as the identity: else latents shrink before they are read. The
/// prior reads the context. Source: Gu et al. 2025, STARFlow, arXiv 2506.06276; Zhao et al. 2025, SimFlow, arXiv
/// 2512.04084.</remarks>
public static class LatentFlow
{
    /// <summary>Patches that suit an image, see <see cref="MixerFlow.OptionsFor"/>, and less noise.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static LatentFlowOptions OptionsFor(Shape shape) => new LatentFlowOptions { Deviation = 0.1 }.For(shape);

    /// <summary>Declares a latent flow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context, which the prior reads; null for none.</param>
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
            .TarFlowBlocks(options with { MarginalBins = 0 }, options.Blocks, options.Layers, options.DeepLayers)
            .Into(Distribution.StandardNormal);
    }

    private static VariationalAutoencoder Autoencoder(FlowBuilder flow, LatentFlowOptions options)
    {
        var (patch, hidden, generator) = (flow.Shape, options.Hidden, flow.Generator);
        var latent = patch.With(-1, options.Latent == 0 ? patch[-1] : options.Latent);
        var (isFixed, isResidual) = (options.Deviation != 0, options.Deviation != 0 && latent == patch);
        var encoder = new ResidualMlp(
            patch[-1], (isFixed ? 1 : 2) * latent[-1], hidden, options.EncoderLayers, generator, 0,
            new() { OutputGain = isResidual ? 0 : 1 });
        var decoder = new VisionTransformer(
            latent[-1], (isResidual ? 1 : 2) * patch[-1], patch[-2], hidden, options.DecoderLayers, generator,
            heads: options.Heads, expansion: options.Expansion);
        var (q, p) = (new StandardNormal(latent), new StandardNormal(patch));
        return new(
            isFixed
                ? new LocationScale(q, encoder, patch, options.Deviation, isResidual: isResidual)
                : new LocationScale(q, encoder, patch),
            isResidual
                ? new LocationScale(p, decoder, latent, options.Deviation, isScaleTrained: true, isResidual: true)
                : new LocationScale(p, decoder, latent));
    }
}
