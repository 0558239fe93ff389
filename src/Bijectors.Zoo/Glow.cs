namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Glow"/>.</summary>
public sealed record GlowOptions : SharingOptions
{
    /// <summary>Number of levels; each halves height and width.</summary>
    [AtLeast(1)]
    public int Levels { get; init; } = 2;

    /// <summary>Steps of a level.</summary>
    [AtLeast(0)]
    public int Steps { get; init; } = 6;

    /// <summary>The invertible convolution of a step.</summary>
    public GlowConvolution Linear { get; init; }

    /// <summary>Channels of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 32;

    /// <summary>Whether means and deviations of the base are trained, given the context where there is one; else it is
    /// a standard normal distribution.</summary>
    public bool LearnedPrior { get; init; }
}

/// <summary>
/// Glow: levels of squeeze and steps (ActNorm, invertible 1x1 convolution, affine coupling of the channels); after each
/// level but the last, half of the channels is done, with a mean and a deviation read off the other half.
/// </summary>
/// <remarks>
/// With <see cref="GlowOptions.LearnedPrior"/> the base is that of <c>learntop</c> and <c>ycond</c> of the published
/// code, with a mean and a deviation of each element, where the code has one of each channel of the last level. Source:
/// Kingma, Dhariwal 2018, Glow, arXiv 1807.03039.
/// </remarks>
public static class Glow
{
    private static readonly Corner[] s_corners =
        [Corner.TopLeft, Corner.BottomRight, Corner.TopRight, Corner.BottomLeft];

    /// <summary>The default options, and for small images the spline of each entry, which validation prefers.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static GlowOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a Glow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by 2 once for each level.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, or cannot be halved that often.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, GlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(Glow));
        var flow = Flow.On(shape.Image(nameof(Glow)), seed)
            .Given(context)
            .Pixels(levels, options)
            .Level(options, options.Levels);
        return options.LearnedPrior ? flow.IntoDiagonalNormal() : flow.Into(Distribution.StandardNormal);
    }

    private static FlowBuilder Level(this FlowBuilder flow, GlowOptions options, int remaining)
    {
        flow.Squeeze().Sharing(options, steps => steps.Repeat(options.Steps, (step, i) => step
            .ActNorm()
            .Channels(options.Linear, i)
            .GlowCoupling(options.Hidden)));
        return remaining == 1 ? flow : flow.FactorOut(rest => rest.Level(options, remaining - 1), options.Hidden);
    }

    // The corners take turns, so that a pixel depends on all sides after four steps.
    private static FlowBuilder Channels(this FlowBuilder flow, GlowConvolution kind, int step) => kind switch
    {
        GlowConvolution.Emerging => flow.EmergingConvolution(),
        GlowConvolution.Cinc => flow.TriangularConvolution(corner: s_corners[step % s_corners.Length]),
        _ => flow.Conv1x1(),
    };
}
