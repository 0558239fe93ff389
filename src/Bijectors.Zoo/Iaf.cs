namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Iaf"/>.</summary>
public sealed record IafOptions : ModelOptions
{
    /// <summary>Number of autoregressive layers.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 4;

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Residual blocks of each network.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;

    /// <summary>Whether each feature passes a gate, <c>g z + (1 - g) m</c>, or is scaled and shifted.</summary>
    public bool Gate { get; init; }

    /// <summary>Whether the order of the features is reversed between layers.</summary>
    public bool Reverse { get; init; } = true;
}

/// <summary>
/// IAF: a sample is made of noise by layers in which each feature is scaled and shifted by what the features of the
/// noise before it say: MAF's layers the other way round.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. Samples, and their densities, cost one pass of the networks; the density of
/// a given point goes through the features one by one, which suits variational inference better than fitting data.
/// Source: Kingma, Salimans, Jozefowicz, Chen, Sutskever, Welling 2016, Improving variational inference with inverse
/// autoregressive flow, arXiv 1606.04934, algorithm 1.
/// </remarks>
public static class Iaf
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static IafOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares an IAF.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, IafOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("IAF");
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Repeat(options.Layers, (layer, i) => (options.Reverse && i > 0 ? layer.Reverse() : layer)
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .Then(flow => ~options.Layer(flow)))
            .Into(Distribution.StandardNormal);
    }

    private static Bijector Layer(this IafOptions options, FlowBuilder flow)
    {
        var net = new Made(flow.Shape[-1], options.Hidden, options.Blocks, flow.Generator, flow.ContextSize);
        return options.Gate ? new Autoregressive(net, Transformer.Gate()) : new MaskedAutoregressive(net);
    }
}
