using static TorchSharp.torch;

namespace Bijectors.Zoo;

/// <summary>The options of <see cref="ResidualFlow"/>.</summary>
public sealed record ResidualFlowOptions : ModelOptions
{
    /// <summary>Number of residual layers.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 4;

    /// <summary>Width of the networks; of dense ones how many features each hidden layer adds.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 64;

    /// <summary>Hidden layers of each network.</summary>
    [AtLeast(1)]
    public int Depth { get; init; } = 2;

    /// <summary>The Lipschitz constant of the networks.</summary>
    public double Constant { get; init; } = LipschitzMlp.LargestConstant;

    /// <summary>Whether each hidden layer keeps what it reads, as in an invertible DenseNet.</summary>
    public bool Dense { get; init; }

    /// <summary>Whether log-dets are exact however many features there are; up to
    /// <see cref="ResidualFlow.MostExact"/> they always are.</summary>
    public bool Exact { get; init; }

    /// <summary>How many terms of the series of a log-det are always taken.</summary>
    [AtLeast(1)]
    public int ExactTerms { get; init; } = 2;

    /// <summary>The mean number of terms after those.</summary>
    public double FurtherTerms { get; init; } = 2;
}

/// <summary>
/// Residual flow: layers <c>y = x + g(x)</c> that are free but for the Lipschitz constant of g, which is below 1, an
/// ActNorm before each and at the end. The log-det is <c>sum over k of (-1)^(k+1)/k tr J^k</c>, J = dg/dx, estimated
/// without bias, or exact where there are few features.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. Samples take the inverse by iteration, with about 10 to 100 evaluations of
/// each network. Source: Chen, Behrmann, Duvenaud, Jacobsen 2019, Residual flows for invertible generative modeling,
/// arXiv 1906.02735; dense Perugachi-Diaz, Tomczak, Bhulai 2021, Invertible DenseNets with concatenated LipSwish,
/// arXiv 2102.02694.
/// </remarks>
public static class ResidualFlow
{
    /// <summary>Up to how many features a log-det is always exact.</summary>
    public const int MostExact = 16;

    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static ResidualFlowOptions OptionsFor(Shape shape) =>
        new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a residual flow.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <param name="levels">How many levels the data have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters and the noise of estimates.</param>
    /// <param name="context">The shape of one context of a conditional model, which all networks read; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, ResidualFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("Residual flow");
        var estimator = options.Exact || shape.Size <= MostExact
            ? null
            : new LogDetEstimator(
                new Generator((ulong)seed), options.ExactTerms, options.FurtherTerms, hasNeumannGradients: true);
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Repeat(options.Blocks, (block, i) => block
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .Residual(options.Hidden, options.Depth, options.Constant, options.Dense, estimator))
            .ActNorm(floor: PixelSteps.Floor(levels, options.Blocks, options.MarginalBins))
            .Into(Distribution.StandardNormal);
    }
}
