using static TorchSharp.torch;

namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Cgnf"/>.</summary>
public sealed record CgnfOptions : ModelOptions
{
    /// <summary>Of each feature the features that it depends on; null for all before it.</summary>
    public int[][]? Parents { get; init; }

    /// <summary>What maps a feature, given its parents.</summary>
    public CgnfMap Map { get; init; }

    /// <summary>Width of the masked network.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Number of its hidden layers.</summary>
    [AtLeast(1)]
    public int Depth { get; init; } = 2;

    /// <summary>Width of the positive network, or bins of the spline.</summary>
    [AtLeast(1)]
    public int Units { get; init; } = 16;
}

/// <summary>
/// cGNF: one autoregressive layer whose masks follow a given directed acyclic graph: each feature goes through a
/// monotone map whose parameters are read off its parents. <see cref="StructuralModel"/> asks it what interventions
/// would give.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. The positive network is shared by all features and reads what the masked
/// network says of each. Source: Wehenkel, Louppe 2021, Graphical normalizing flows, arXiv 2006.02548; Balgi, Daoud,
/// Pena, Wodtke, Zhou 2024, Deep learning with DAGs, arXiv 2401.06864.
/// </remarks>
public static class Cgnf
{
    private const int Embedding = 8;

    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static CgnfOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a cGNF.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context of a conditional model, which all features depend on; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the graph is of other features or has a
    /// cycle.</exception>
    public static Flow Create(
        Shape shape, CgnfOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("cGNF");
        var flow = Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .ActNorm(floor: PixelSteps.Floor(levels, 0, options.MarginalBins));
        var map = Map(options, flow.Generator);
        return (options.Parents is { } parents
            ? flow.Autoregressive(map, new DirectedGraph(parents), options.Hidden, options.Depth)
            : flow.Autoregressive(map, options.Hidden, options.Depth, options: new() { IsResidual = false }))
            .Into(Distribution.StandardNormal);
    }

    private static Transformer Map(CgnfOptions options, Generator generator) => options.Map switch
    {
        CgnfMap.Spline => Transformer.RationalQuadratic(options.Units, PixelSteps.SplineBound),
        CgnfMap.Affine => Transformer.Affine(),
        _ => Transformer.MonotoneIntegral(Embedding, options.Units, generator),
    };
}
