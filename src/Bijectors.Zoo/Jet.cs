namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Jet"/>.</summary>
public sealed record JetOptions
{
    /// <summary>Height and width of a patch; see <see cref="Jet.OptionsFor"/> for what suits an image.</summary>
    public int Patch { get; init; } = 2;

    /// <summary>Number of couplings.</summary>
    public int Couplings { get; init; } = 9;

    /// <summary>Every how many couplings one splits the patches as a checkerboard, the others the channels; 0 for none
    /// that does.</summary>
    public int SpatialEvery { get; init; } = 3;

    /// <summary>Layers of attention of each network.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Width of the tokens inside the networks.</summary>
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
    public static JetOptions OptionsFor(Shape shape)
    {
        var options = new JetOptions { MarginalBins = PixelSteps.MarginalBins(shape) };
        return options with { Patch = PatchSize.Balanced(shape, count => count % 2 == 0) ?? options.Patch };
    }

    /// <summary>Declares a Jet.</summary>
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
        Shape shape, JetOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        return Flow.On(shape.Image(nameof(Jet)), seed)
            .Given(context)
            .Patches(nameof(Jet), options, levels)
            .Into(Distribution.StandardNormal);
    }

    /// <summary>The steps from an image to its mapped patches.</summary>
    internal static FlowBuilder Patches(this FlowBuilder flow, string model, JetOptions options, int? levels)
    {
        OptionRange.Check(model, options.Patch, 1);
        OptionRange.Check(model, options.Couplings, 0);
        OptionRange.Check(model, options.SpatialEvery, 0);
        OptionRange.Check(model, options.Layers, 0);
        OptionRange.Check(model, options.Hidden, 1);
        OptionRange.Check(model, options.Heads, 1);
        OptionRange.Check(model, options.Expansion, 1);
        var columns = flow.Shape[-1] / options.Patch;
        return flow.Pixels(levels, options.Alpha, options.MarginalBins)
            .Patchify(options.Patch)
            .Repeat(options.Couplings, (layer, i) => layer
                .ActNormElements(PixelSteps.Floor(i, options.MarginalBins))
                .Coupling(options, i, columns));
    }

    /// <summary><c>y = 2 sigmoid(s) (x + t)</c></summary>
    private static Transformer Gate() => Transformer.Affine(ScaleMap.TwiceSigmoid, shiftFirst: true);

    private static FlowBuilder Coupling(this FlowBuilder flow, JetOptions options, int index, long columns)
    {
        VisionTransformer Network(Shape read, Shape mapped) => new(
            read[-1], 2 * mapped[-1], read[-2], options.Hidden, options.Layers, flow.Generator, flow.ContextSize,
            options.Heads, options.Expansion);

        if (options.SpatialEvery == 0 || (index + 1) % options.SpatialEvery != 0)
        {
            return flow.Permute().Coupling(Gate(), Network);
        }

        // The black squares before the white ones, for this coupling alone.
        var colours = new Permute(
            [.. Enumerable.Range(0, (int)flow.Shape[-2]).Select(place => (long)place)
                .OrderBy(place => ((place / columns) + (place % columns)) % 2)],
            -2);
        var halves = Partition.Halves(-2);
        var isWhiteRead = (index + 1) / options.SpatialEvery % 2 == 0;
        return flow.Then(colours).Coupling(Gate(), Network, isWhiteRead ? halves.Swapped() : halves)
            .Then(~colours);
    }
}
