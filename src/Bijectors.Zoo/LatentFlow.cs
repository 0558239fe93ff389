namespace Bijectors.Zoo;

/// <summary>The options of <see cref="LatentFlow"/>.</summary>
public sealed record LatentFlowOptions
{
    /// <summary>Height and width of a patch; see <see cref="LatentFlow.OptionsFor"/> for what suits an image.</summary>
    public int Patch { get; init; } = 2;

    /// <summary>Channels of the latent of a patch; 0 for as many as a patch has.</summary>
    public int Latent { get; init; }

    /// <summary>The constant deviation of the posterior (SimFlow); 0 for deviations that the encoder gives.</summary>
    public double Deviation { get; init; } = 0.5;

    /// <summary>Residual blocks of the encoder, which reads each patch.</summary>
    public int EncoderLayers { get; init; } = 1;

    /// <summary>Layers of attention of the decoder, which reads all latents.</summary>
    public int DecoderLayers { get; init; } = 1;

    /// <summary>Number of autoregressive blocks of the prior.</summary>
    public int Blocks { get; init; } = 3;

    /// <summary>Layers of attention in a block.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Layers of attention in the last block, next to the base.</summary>
    public int DeepLayers { get; init; } = 3;

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
    public static LatentFlowOptions OptionsFor(Shape shape)
    {
        var options = new LatentFlowOptions { MarginalBins = PixelSteps.MarginalBins(shape) };
        return options with { Patch = PatchSize.Balanced(shape) ?? options.Patch };
    }

    /// <summary>Declares a latent flow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <param name="levels">How many levels the pixels have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which the prior reads; null for
    /// none.</param>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, LatentFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check(nameof(LatentFlow), options.Patch, 1);
        OptionRange.Check(nameof(LatentFlow), options.Latent, 0);
        OptionRange.Check(nameof(LatentFlow), options.EncoderLayers, 0);
        OptionRange.Check(nameof(LatentFlow), options.DecoderLayers, 0);
        return Flow.On(shape.Image(nameof(LatentFlow)), seed)
            .Given(context)
            .Pixels(levels, options.Alpha, options.MarginalBins)
            .Patchify(options.Patch)
            .Then(b => Autoencoder(b, options))
            .Blocks(nameof(LatentFlow), new()
            {
                Blocks = options.Blocks, Layers = options.Layers, DeepLayers = options.DeepLayers,
                Hidden = options.Hidden, Heads = options.Heads, Expansion = options.Expansion,
            })
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
