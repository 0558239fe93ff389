namespace Bijectors.Zoo;

/// <summary>The options of <see cref="Ferumal"/>.</summary>
public sealed record FerumalOptions : ModelOptions
{
    /// <summary>Number of couplings.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 10;

    /// <summary>Points of each sum of kernels.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 32;

    /// <summary>The kernel.</summary>
    public KernelKind Kernel { get; init; }
}

/// <summary>
/// Ferumal flow: a RealNVP of vectors whose scales and shifts are sums of kernels around trained points in place of
/// networks: few parameters for few data.
/// </summary>
/// <remarks>
/// Data of any shape are read as a vector. ActNorm stands where the paper has batch normalisation, so that items do not
/// see each other. Source: English, Kirchler, Lippert 2023, Kernelised normalising flows, arXiv 2307.14839.
/// </remarks>
public static class Ferumal
{
    /// <summary>The default options, and for small images a spline of each entry, as the other models have.</summary>
    /// <param name="shape">The shape of one item.</param>
    public static FerumalOptions OptionsFor(Shape shape) => new() { MarginalBins = PixelSteps.MarginalBins(shape) };

    /// <summary>Declares a Ferumal flow.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed']"/>
    /// <param name="context">The shape of one context of a conditional model, which all sums of kernels read; null
    /// for none.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, FerumalOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        options.Check("Ferumal");
        var kernels = new KernelNetworkOptions { Kernel = options.Kernel };
        var parts = Partition.Alternating();
        return Flow.On(shape, seed)
            .Given(context)
            .Pixels(levels, options)
            .Flatten()
            .Repeat(options.Couplings, (layer, i) => layer
                .ActNorm(floor: PixelSteps.Floor(levels, i, options.MarginalBins))
                .AffineCoupling(options.Hidden, partition: i % 2 == 0 ? parts : parts.Swapped(), options: kernels))
            .Into(Distribution.StandardNormal);
    }
}
