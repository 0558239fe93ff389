namespace Bijectors.Zoo;

/// <summary>The options of <see cref="TarFlow"/>.</summary>
public sealed record TarFlowOptions : PatchOptions
{
    /// <summary>Number of autoregressive blocks.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 4;

    /// <summary>Layers of attention in a block.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 2;

    /// <summary>Layers of attention in the last block, next to the base, as in STARFlow's deep-shallow stack; 0 for as
    /// many as in the others.</summary>
    [AtLeast(0)]
    public int DeepLayers { get; init; }

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
    public static TarFlowOptions OptionsFor(Shape shape) => new TarFlowOptions().For(shape);

    /// <summary>Declares a TarFlow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, TarFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(TarFlow));
        return Flow.On(shape.Image(nameof(TarFlow)), seed)
            .Given(context)
            .Pixels(levels, options, options.Centred)
            .Patchify(options.Patch)
            .TarFlowBlocks(options, options.Blocks, options.Layers, options.DeepLayers, options.Locations)
            .Into(Distribution.StandardNormal);
    }

    /// <summary>Autoregressive blocks of (tokens, channels).</summary>
    internal static FlowBuilder TarFlowBlocks(
        this FlowBuilder flow, PatchOptions options, int blocks, int layers, int deepLayers = 0,
        bool hasLocations = false)
    {
        return flow.Repeat(blocks, (block, i) => (i > 0 ? block.Reverse(Axis.Patches) : block)
            .ActNormElements(PixelSteps.Floor(i, options.MarginalBins))
            .MaskedAutoregressive(table => Network(
                table, i == blocks - 1 && deepLayers > 0 ? deepLayers : layers)));

        CausalConditioner Network(Shape table, int depth)
        {
            var network = new CausalTransformer(
                table[-1], table[-2], options.Hidden, depth, flow.Generator, flow.ContextSize, heads: options.Heads,
                expansion: options.Expansion);
            return hasLocations ? new LocationConditioner(network, ScaleMap.Bounded()) : network;
        }
    }
}
