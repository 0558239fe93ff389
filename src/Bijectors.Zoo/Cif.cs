namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Cif"/>.</summary>
public sealed record CifOptions
{
    /// <summary>Number of layers.</summary>
    public int Layers { get; init; } = 5;

    /// <summary>Entries of the index of each layer.</summary>
    public int Index { get; init; } = 2;

    /// <summary>Width of all networks.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Residual blocks of all networks.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;
}

/// <summary>
/// A continuously indexed flow: layers of a <see cref="Maf"/>, each followed by a scale and a shift that a random index
/// gives, <c>z = exp(s(u)) f(x) + t(u)</c>; the index is normal, given the latent, and has a normal posterior given the
/// point. There is a lower bound.
/// </summary>
/// <remarks>Data of any shape are read as a vector. Source: Cornish, Caterini, Deligiannidis, Doucet 2020, Relaxing
/// bijectivity constraints with continuously indexed normalising flows, arXiv 1909.13833.</remarks>
public static class Cif
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static CifOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a continuously indexed flow.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <param name="levels">How many levels the data have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which all networks read; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, CifOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check("CIF", options.Layers, 1);
        OptionRange.Check("CIF", options.Index, 1);
        OptionRange.Check("CIF", options.Hidden, 1);
        OptionRange.Check("CIF", options.Blocks, 0);
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options.Alpha, options.MarginalBins)
            .Flatten()
            .ActNorm(floor: PixelSteps.Floor(levels, 0, options.MarginalBins))
            .Repeat(options.Layers, (flow, i) => (i > 0 ? flow.Reverse() : flow).Then(b => Layer(b, options)))
            .Into(Distribution.StandardNormal);
    }

    private static ContinuousIndex Layer(FlowBuilder flow, CifOptions options)
    {
        var (features, context, index) = (flow.Shape[0], flow.ContextSize, Shape.Vector(options.Index));
        var read = index[0] + context;
        var mapped = new MaskedAutoregressive(new Made(
            features, options.Hidden, options.Blocks, flow.Generator, context > 0 ? read : 0));
        var indexed = new ElementwiseLayer(
            Transformer.Affine(), flow.Shape,
            new ResidualMlp(0, 2 * features, options.Hidden, options.Blocks, flow.Generator, read));
        return new(
            flow.Shape, mapped >> indexed, OfIndex(), OfIndex(), context > 0 ? Shape.Vector(context) : null);

        LocationScale OfIndex() => new(
            new StandardNormal(index),
            new ResidualMlp(features + context, 2 * index[0], options.Hidden, options.Blocks, flow.Generator),
            Shape.Vector(features + context));
    }
}
