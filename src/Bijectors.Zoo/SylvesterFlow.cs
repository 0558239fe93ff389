namespace Bijectors.Zoo;

/// <summary>The options of <see cref="SylvesterFlow"/>.</summary>
public sealed record SylvesterFlowOptions : ModelOptions
{
    /// <summary>Number of hidden units in all layers together.</summary>
    [AtLeast(0)]
    public int Hidden { get; init; } = 64;

    /// <summary>Hidden units of a layer; no more than there are features.</summary>
    [AtLeast(1)]
    public int Columns { get; init; } = 8;

    /// <summary>Width of the networks by which a context moves the shifts of a layer.</summary>
    [AtLeast(1)]
    public int Width { get; init; } = 16;
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
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context of a conditional model, which moves the shifts; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, SylvesterFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check(nameof(SylvesterFlow));
        var width = context is null ? 0 : options.Width;
        var columns = (int)Math.Min(options.Columns, shape.Size);
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Repeat((options.Hidden + columns - 1) / columns, (layer, i) => layer
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .Sylvester(Math.Min(columns, options.Hidden - (i * columns)), width))
            .ActNorm(floor: PixelSteps.Floor(levels, options.Hidden, options.MarginalBins))
            .Into(Distribution.StandardNormal);
    }
}
