namespace Bijectors.Zoo;

/// <summary>The options of <see cref="TarFlow"/>.</summary>
public sealed record TarFlowOptions
{
    /// <summary>Height and width of a patch; see <see cref="TarFlow.OptionsFor"/> for what suits an image.</summary>
    public int Patch { get; init; } = 2;

    /// <summary>Number of autoregressive blocks.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Layers of attention in a block.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Layers of attention in the last block, next to the base, as in STARFlow's deep-shallow stack; 0 for as
    /// many as in the others.</summary>
    public int DeepLayers { get; init; }

    /// <summary>Width of the tokens inside the networks.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>Heads of attention.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>How many times the width the hidden layers have.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>True to bring pixels to [-1, 1], as the paper does, in place of the logit: what training with Gaussian
    /// noise needs.</summary>
    public bool Centred { get; init; }

    /// <summary>True to have the networks give locations, <c>(x - mu) exp(s)</c> as in the paper, in place of shifts,
    /// <c>x exp(s) + t</c>: what guidance moves is then the mean, see <see cref="LocationConditioner"/>.</summary>
    public bool Locations { get; init; }
}

/// <summary>
/// TarFlow: an image as a sequence of patches, mapped by autoregressive blocks in which a causal transformer says by
/// what each patch is scaled and shifted; every other block goes through the patches in the opposite order.
/// </summary>
/// <remarks>
/// The paper brings pixels to [-1, 1] and trains with noise, as <see cref="TarFlowOptions.Centred"/> and
/// <c>TrainingOptions.Noise</c> do; by default levels meet the base as in the other models. A trained shift and scale
/// of each element stands before every block. Samples cost about as much as densities, since keys and
/// values are kept. Source: Zhai et al. 2024, Normalizing flows are capable generative models, arXiv 2412.06329; the
/// deep last block Gu et al. 2025, STARFlow, arXiv 2506.06276.
/// </remarks>
public static class TarFlow
{
    /// <summary>The default options, with patches that suit an image, see <see cref="MixerFlow.OptionsFor"/>.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static TarFlowOptions OptionsFor(Shape shape)
    {
        var options = new TarFlowOptions { MarginalBins = PixelSteps.MarginalBins(shape) };
        return options with { Patch = PatchSize.Balanced(shape) ?? options.Patch };
    }

    /// <summary>Declares a TarFlow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <param name="levels">How many levels the pixels have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which all networks read; null
    /// for none.</param>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, TarFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check(nameof(TarFlow), options.Patch, 1);
        return Flow.On(shape.Image(nameof(TarFlow)), seed)
            .Given(context)
            .Pixels(levels, options.Alpha, options.MarginalBins, options.Centred)
            .Patchify(options.Patch)
            .Blocks(nameof(TarFlow), options)
            .Into(Distribution.StandardNormal);
    }

    /// <summary>The autoregressive blocks, of tokens (tokens, channels).</summary>
    internal static FlowBuilder Blocks(this FlowBuilder flow, string model, TarFlowOptions options)
    {
        OptionRange.Check(model, options.Blocks, 0);
        OptionRange.Check(model, options.Layers, 0);
        OptionRange.Check(model, options.DeepLayers, 0);
        OptionRange.Check(model, options.Hidden, 1);
        OptionRange.Check(model, options.Heads, 1);
        OptionRange.Check(model, options.Expansion, 1);
        return flow.Repeat(options.Blocks, (block, i) => (i > 0 ? block.Reverse(Axis.Patches) : block)
            .ActNormElements(PixelSteps.Floor(i, options.MarginalBins))
            .MaskedAutoregressive(table => options.Network(new CausalTransformer(
                table[-1], table[-2], options.Hidden, options.LayersOf(i), block.Generator, block.ContextSize,
                heads: options.Heads, expansion: options.Expansion))));
    }

    private static CausalConditioner Network(this TarFlowOptions options, CausalTransformer network) =>
        options.Locations ? new LocationConditioner(network, ScaleMap.Bounded()) : network;

    private static int LayersOf(this TarFlowOptions options, int block) =>
        block == options.Blocks - 1 && options.DeepLayers > 0 ? options.DeepLayers : options.Layers;
}
