namespace Bijectors.Zoo;

/// <summary>The options of <see cref="FlowPlusPlus"/>.</summary>
public sealed record FlowPlusPlusOptions : ModelOptions
{
    /// <summary>Checkerboard couplings of the image; of the squeezed one half as many channel couplings and one
    /// checkerboard coupling fewer: 4, 2 and 3 in the paper.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 4;

    /// <summary>Channels of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 32;

    /// <summary>Gated residual blocks of each network.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;

    /// <summary>Heads of self-attention between pixels in each block; 0 for none.</summary>
    [AtLeast(0)]
    public int Heads { get; init; } = 2;

    /// <summary>Components of each mixture of logistics.</summary>
    [AtLeast(1)]
    public int Components { get; init; } = 4;

    /// <summary>Whether the noise of whole numbers is trained with the flow: then there is a lower bound, and no exact
    /// density.</summary>
    public bool Variational { get; init; }
}

/// <summary>
/// Flow++: couplings <c>y = exp(s) logit(sum_k w_k sigmoid((x - m_k) / d_k)) + t</c> by gated residual networks with
/// self-attention; on the colours of a checkerboard, then, squeezed, on halves of the channels and on a checkerboard
/// again. Whole numbers get uniform noise, or one that is a flow itself.
/// </summary>
/// <remarks>
/// The networks have no dropout. The flow of the noise is one of vectors, four affine couplings that read the whole
/// image, where the paper has one of images. Source: Ho, Chen, Srinivas, Duan, Abbeel 2019, Flow++, arXiv 1902.00275,
/// and its published code.
/// </remarks>
public static class FlowPlusPlus
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static FlowPlusPlusOptions OptionsFor(Shape shape) =>
        new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a Flow++.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by 4.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, or cannot be halved so.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, FlowPlusPlusOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("Flow++");
        var flow = Flow.On(shape.Image("Flow++"), seed).Given(context);
        flow = options.Variational && levels is { } count
            ? flow.Then(new VariationalDequantization(count, Noise(shape, options, seed)))
                .Then(new Scale(1.0 / count)).Logit(alpha: 0).Pixels(levels: null, options)
            : flow.Pixels(levels, options);
        return flow
            .Couplings(options, options.Couplings, Partition.Checkerboard)
            .Squeeze()
            .Couplings(options, options.Couplings / 2, Partition.Halves(-3))
            .Couplings(options, Math.Max(0, options.Couplings - 1), Partition.Checkerboard)
            .Into(Distribution.StandardNormal);
    }

    private static FlowBuilder Couplings(
        this FlowBuilder flow, FlowPlusPlusOptions options, int count, Partition parts)
    {
        var mixture = Transformer.LogisticMixture(options.Components);
        return flow.Repeat(count, (layer, i) => layer
            .ActNorm()
            .Conv1x1()
            .Coupling(
                mixture,
                (read, mapped) => new GatedResNet(
                    read[-3], mixture.ParameterCount * mapped[-3], options.Hidden, options.Blocks, layer.Generator,
                    layer.ContextSize, options.Heads),
                i % 2 == 0 ? parts : parts.Swapped()));
    }

    /// <summary>The noise of each pixel, given the image.</summary>
    private static Flow Noise(Shape shape, FlowPlusPlusOptions options, int seed) => Flow.On(shape, seed)
        .Conditional((int)shape.Size)
        .Then(new Logit())
        .Flatten()
        .Repeat(4, (layer, i) => layer.AffineCoupling(
            options.Hidden, options.Blocks,
            i % 2 == 0 ? Partition.Alternating() : Partition.Alternating().Swapped()))
        .Into(Distribution.StandardNormal);
}
