namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Jet"/>.</summary>
public sealed record JetOptions : PatchOptions
{
    /// <summary>The default options.</summary>
    public JetOptions() => Expansion = 3;

    /// <summary>Number of couplings.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 9;

    /// <summary>Every how many couplings one splits the patches as a checkerboard, the others the channels; 0 for none
    /// that does.</summary>
    [AtLeast(0)]
    public int SpatialEvery { get; init; } = 3;

    /// <summary>Layers of attention of each network.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 1;
}

/// <summary>
/// Jet: couplings of an image's patches by vision transformers; most split the channels, at random, some the patches,
/// as a checkerboard whose colours change their roles.
/// </summary>
/// <remarks>Source: Kolesnikov, Pinto, Tschannen 2024, Jet: a modern transformer-based normalizing flow, arXiv
/// 2412.15129, and its published code. A trained shift and scale of each element stands before every
/// coupling.</remarks>
public static class Jet
{
    /// <summary>The default options, with patches that suit an image and are even in number.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static JetOptions OptionsFor(Shape shape) => new JetOptions().For(shape, count => count % 2 == 0);

    /// <summary>Declares a Jet.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, the patch size does not divide it, or patches are split
    /// that are odd in number.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, JetOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(Jet));
        return Flow.On(shape.Image(nameof(Jet)), seed)
            .Given(context)
            .Pixels(levels, options)
            .JetCouplings(options, options.Couplings, options.SpatialEvery, options.Layers)
            .Into(Distribution.StandardNormal);
    }

    /// <summary>The patches of an image, mapped by couplings.</summary>
    internal static FlowBuilder JetCouplings(
        this FlowBuilder flow, PatchOptions options, int couplings, int spatialEvery, int layers)
    {
        var columns = flow.Shape[-1] / options.Patch;
        return flow.Patchify(options.Patch).Repeat(couplings, (layer, i) =>
        {
            layer.ActNormElements(PixelSteps.Floor(i, options.MarginalBins));
            return spatialEvery > 0 && (i + 1) % spatialEvery == 0
                ? layer.Checkerboard(Network, columns, isWhiteRead: (i + 1) / spatialEvery % 2 == 0)
                : layer.Permute().Coupling(Gate(), Network);

            VisionTransformer Network(Shape read, Shape mapped) => new(
                read[-1], 2 * mapped[-1], read[-2], options.Hidden, layers, layer.Generator, layer.ContextSize,
                options.Heads, options.Expansion);
        });
    }

    /// <summary><c>y = 2 sigmoid(s) (x + t)</c></summary>
    private static Transformer Gate() => Transformer.Affine(ScaleMap.TwiceSigmoid, shiftFirst: true);

    /// <summary>A coupling of the black patches with the white ones, which for it alone stand behind
    /// them.</summary>
    private static FlowBuilder Checkerboard(
        this FlowBuilder flow, Func<Shape, Shape, Conditioner> network, long columns, bool isWhiteRead)
    {
        var colours = new Permute(
            [.. Enumerable.Range(0, (int)flow.Shape[-2]).Select(place => (long)place)
                .OrderBy(place => ((place / columns) + (place % columns)) % 2)],
            -2);
        var halves = Partition.Halves(-2);
        return flow.Then(colours).Coupling(Gate(), network, isWhiteRead ? halves.Swapped() : halves)
            .Then(~colours);
    }
}
