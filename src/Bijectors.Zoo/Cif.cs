namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Cif"/>.</summary>
public sealed record CifOptions : ModelOptions
{
    /// <summary>Number of layers.</summary>
    [AtLeast(1)]
    public int Layers { get; init; } = 5;

    /// <summary>Entries of the index of each layer.</summary>
    [AtLeast(1)]
    public int Index { get; init; } = 2;

    /// <summary>Width of all networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Residual blocks of all networks.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;
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
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, CifOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("CIF");
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
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
