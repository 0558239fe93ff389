namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Nsf"/>.</summary>
public sealed record NsfOptions : SharingOptions
{
    /// <summary>Number of levels of an image; each halves height and width.</summary>
    [AtLeast(1)]
    public int Levels { get; init; } = 2;

    /// <summary>Layers of a vector; steps of a level of an image.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 5;

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 32;

    /// <summary>Residual blocks of each network on vectors.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 2;

    /// <summary>Bins of each spline.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>The splines map [-bound, bound] onto itself and are the identity outside.</summary>
    public double Bound { get; init; } = 3;

    /// <summary>Whether the layers of a vector are autoregressive; couplings otherwise.</summary>
    public bool Autoregressive { get; init; }
}

/// <summary>
/// Neural spline flow: linear maps, and monotone rational-quadratic splines that a network chooses. On vectors in
/// couplings or autoregressive; on images in the steps of a Glow.
/// </summary>
/// <remarks>
/// The linear map of a vector is a trained one in PLU form. Source: Durkan, Bekasov, Murray, Papamakarios 2019, Neural
/// spline flows, arXiv 1906.04032, RQ-NSF (C) and RQ-NSF (AR).
/// </remarks>
public static class Nsf
{
    /// <summary>The default options, and for small images the spline of each entry, which validation prefers.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static NsfOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a neural spline flow.</summary>
    /// <param name="shape">A vector, or (channels, height, width) with both sides divisible by 2 once for each
    /// level.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The image cannot be halved that often.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, NsfOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("NSF");
        var flow = Flow.On(shape, seed).Given(context).Pixels(levels, options);
        return (shape.Rank == 3 && !options.Autoregressive
            ? flow.Level(options, options.Levels)
            : flow.Flatten().Vector(options, levels is null ? 0 : PixelSteps.LeastDeviation))
            .Into(Distribution.StandardNormal);
    }

    private static Transformer Splines(this NsfOptions options) =>
        Transformer.RationalQuadratic(options.Bins, options.Bound);

    private static FlowBuilder Vector(this FlowBuilder flow, NsfOptions options, double floor) => flow
        .ActNorm(floor: floor)
        .Sharing(options, steps => steps.Repeat(options.Layers, layer => options.Autoregressive
            ? layer.Linear().Autoregressive(options.Splines(), options.Hidden, options.Blocks)
            : layer.Linear().Coupling(options.Splines(), options.Hidden, options.Blocks)))
        .Linear();

    private static FlowBuilder Level(this FlowBuilder flow, NsfOptions options, int remaining)
    {
        flow.Squeeze().Sharing(options, steps => steps.Repeat(options.Layers, step => step
            .ActNorm(floor: PixelSteps.LeastDeviation)
            .Conv1x1()
            .Coupling(options.Splines(), options.Hidden)));
        return remaining == 1 ? flow : flow.FactorOut(rest => rest.Level(options, remaining - 1), options.Hidden);
    }
}
