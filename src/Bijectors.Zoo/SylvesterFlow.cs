namespace Bijectors.Zoo;

/// <summary>The options of <see cref="SylvesterFlow"/>.</summary>
public sealed record SylvesterFlowOptions
{
    /// <summary>Number of hidden units in all layers together.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Hidden units of a layer; no more than there are features.</summary>
    public int Columns { get; init; } = 8;

    /// <summary>Width of the networks by which a context moves the shifts of a layer.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;
}

/// <summary>
/// Sylvester flow: residual layers with some hidden units each, whose weights are an orthogonal frame and triangular
/// matrices, so that the determinant is the product of a small diagonal.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. Data go forward through the layers, so scoring needs no inverse; samples
/// solve one monotone equation for each hidden unit. A trained scale and shift of each feature, which the paper has
/// not, stand before every layer. Source: van den Berg, Hasenclever, Tomczak, Welling 2018, Sylvester normalizing flows
/// for variational inference, arXiv 1803.05649, orthogonal Sylvester flows.
/// </remarks>
public static class SylvesterFlow
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static SylvesterFlowOptions OptionsFor(Shape shape) =>
        new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a Sylvester flow.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <param name="levels">How many levels the data have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which moves the shifts; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, SylvesterFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check(nameof(SylvesterFlow), options.Hidden, 0);
        OptionRange.Check(nameof(SylvesterFlow), options.Columns, 1);
        OptionRange.Check(nameof(SylvesterFlow), options.Width, 1);
        var width = context is null ? 0 : options.Width;
        var columns = (int)Math.Min(options.Columns, shape.Size);
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options.Alpha, options.MarginalBins)
            .Flatten()
            .Repeat((options.Hidden + columns - 1) / columns, (layer, i) => layer
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .Sylvester(Math.Min(columns, options.Hidden - (i * columns)), width))
            .ActNorm(floor: PixelSteps.Floor(levels, options.Hidden, options.MarginalBins))
            .Into(Distribution.StandardNormal);
    }
}
