using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>A distribution for the laws: of two numbers, so that its density can be summed over a grid.</summary>
internal sealed record DistributionEntry(string Name, Func<Generator, Distribution> Make);

/// <summary>Every distribution there is, with parameters away from where they start.</summary>
internal static class DistributionCatalogue
{
    /// <summary>The size of the contexts.</summary>
    public const int ContextSize = 3;

    private static readonly Shape s_two = Shape.Vector(2);
    private static readonly Shape s_context = Shape.Vector(ContextSize);

    public static IReadOnlyList<DistributionEntry> All { get; } =
    [
        new("StandardNormal", _ => new StandardNormal(s_two)),
        new("StandardNormal of (2, 1)", _ => new StandardNormal(Shape.Of(2, 1))),
        new("StandardLogistic", _ => new StandardLogistic(s_two)),
        new("Uniform", _ => new Uniform(s_two, -1, 2)),
        new("TruncatedNormal", _ => new TruncatedNormal(s_two, 0.5, 0.3)),
        new("TruncatedNormal of (2, 1), beside the middle",
            _ => new TruncatedNormal(Shape.Of(2, 1), 1.5, 2, low: -1, high: 2)),
        new("LocationScale(StandardNormal)", _ => Distribution.DiagonalNormal(s_two)),
        new("LocationScale(StandardLogistic)", _ => Distribution.Logistic(Shape.Of(1, 2))),
        new("LocationScale, conditional", g => new LocationScale(new StandardNormal(s_two), Network(g, 4), s_context)),
        new("LocationScale, conditional locations", g => new LocationScale(
            new StandardNormal(s_two), Network(g, 2), s_context, scale: 0.7)),
        new("LocationScale, conditional locations and trained scales", g => new LocationScale(
            new StandardLogistic(Shape.Of(1, 2)), Network(g, 2), s_context, scale: 0.5, isScaleTrained: true)),
        new("FullNormal", _ => Distribution.FullNormal(s_two)),
        new("FullNormal of (2, 1)", _ => Distribution.FullNormal(Shape.Of(2, 1))),
        new("FullNormal, conditional", g => new FullNormal(s_two, Network(g, 5), s_context)),
        new("VonMises", _ => new VonMises(s_two, mean: 2.5, concentration: 1.5)),
        new("VonMises of (2, 1), nearly uniform", _ => new VonMises(Shape.Of(2, 1))),
        new("VonMises, conditional", g => new VonMises(s_two, Network(g, 4), s_context)),
        new("UniformOnCircle", _ => Distribution.UniformOnCircle(s_two)),
        new("Flow", _ => Flow.On(s_two).AffineCoupling(4).Into(Distribution.StandardNormal)),
        new("Flow into a uniform",
            _ => Flow.On(s_two).AffineCoupling(4).Then(new Sigmoid()).Into(Distribution.StandardUniform)),
        new("Flow into a flow", _ => Flow.On(s_two).AffineCoupling(4).Into(
            Flow.On(s_two, seed: 1).Reverse().AffineCoupling(4).Into(Distribution.DiagonalNormal))),
        new("Flow into a conditional base", _ => Flow.On(s_two).Conditional(ContextSize).AffineCoupling(4)
            .Into(b => new LocationScale(new StandardNormal(b.Shape), Network(b.Generator, 4), s_context))),
        new("Flow into a normal of its context",
            _ => Flow.On(s_two).Conditional(ContextSize).AffineCoupling(4).IntoDiagonalNormal()),
        new("Flow with an embedding",
            _ => Flow.On(s_two).Conditional(s_context, b => new ResidualMlp(3, 5, 4, 1, b.Generator))
                .AffineCoupling(4).Into(Distribution.StandardNormal)),
        new("Flow on the circle", _ => Flow.On(s_two).Then(new Rotation(-1)).Reverse()
            .Into((Shape shape) => new VonMises(shape, mean: -1, concentration: 2))),
        new("Slice", g => new LatentDistribution(
            new Slice(s_two, Partition.First(1), Below(g, context: 1)), new StandardNormal(Shape.Vector(1)))),
        new("Slice, conditional", g => new LatentDistribution(
            new Slice(s_two, Partition.First(1), Below(g, context: 1 + ContextSize), s_context),
            new LocationScale(new StandardNormal(Shape.Vector(1)), Network(g, 2), s_context))),
        new("Flow with a slice", _ => Flow.On(s_two).AffineCoupling(4)
            .Then(b => new Slice(b.Shape, Partition.First(1), Below(b.Generator, context: 1)))
            .Then(new Asinh()).Into(Distribution.StandardNormal)),
        new("NormalMixture", g => new NormalMixture(s_two, 3, g)),
        new("NormalMixture of two rows", g => new NormalMixture(Shape.Of(2, 1), 2, g, ScaleMap.Exponential)),
        new("NormalMixture, conditional", g => new NormalMixture(s_two, 2, Network(g, 10), s_context, g)),
        new("AutoregressiveMixture of features", g => new AutoregressiveMixture(s_two, Masked(g), 3, g)),
        new("AutoregressiveMixture of features backwards, conditional", g => new AutoregressiveMixture(
            s_two, Masked(g, ContextSize, [1, 0]), 3, g, ScaleMap.Softplus())),
        new("AutoregressiveMixture of two tokens", g => new AutoregressiveMixture(
            Shape.Of(2, 1), Causal(g, tokens: 2, channels: 1, components: 2), 2, g)),
        new("AutoregressiveMixture of one token, conditional", g => new AutoregressiveMixture(
            Shape.Of(1, 2), Causal(g, tokens: 1, channels: 2, components: 3, ContextSize), 3, g)),
        new("Mixture", g => new Mixture(
            [Distribution.DiagonalNormal(s_two), Flow.On(s_two).AffineCoupling(4).Into(Distribution.Logistic),
                new NormalMixture(s_two, 2, g)])),
        new("Mixture on the circle", _ => new Mixture(
            [Distribution.UniformOnCircle(s_two), new VonMises(s_two, mean: 1, concentration: 2)])),
        new("Mixture of a conditional flow", _ => new Mixture(
            [Distribution.FullNormal(s_two),
                Flow.On(s_two).Conditional(ContextSize).AffineCoupling(4).Into(Distribution.StandardNormal)])),
        new("Mixture, conditional", g => new Mixture(
            [Distribution.DiagonalNormal(s_two), Distribution.FullNormal(s_two)], Network(g, 2), s_context)),
        new("Flow into an autoregressive mixture", _ => Flow.On(s_two).Conditional(ContextSize).AffineCoupling(4)
            .Into(b => new AutoregressiveMixture(b.Shape, Masked(b.Generator, b.ContextSize), 3, b.Generator))),
    ];

    /// <summary>A distribution in float64 whose parameters have moved.</summary>
    public static Distribution Moved(DistributionEntry entry, Generator generator)
    {
        var distribution = entry.Make(generator);
        distribution.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in distribution.parameters())
        {
            using var step = 0.25 * randn(parameter.shape, ScalarType.Float64, generator: generator);
            parameter.add_(step);
        }

        return distribution;
    }

    private static Conditioner Network(Generator generator, int outputs) =>
        new ResidualMlp(3, outputs, 4, 1, generator);

    private static Made Masked(Generator generator, long context = 0, IReadOnlyList<int>? order = null) => new(
        2, 5, 1, generator, context, new() { Outputs = AutoregressiveMixture.OutputsFor(3), Order = order });

    private static CausalTransformer Causal(
        Generator generator, long tokens, long channels, int components, long context = 0) => new(
        channels, tokens, 4, 1, generator, context, AutoregressiveMixture.OutputsFor(components, channels), heads: 2);

    /// <summary>A distribution of one number given a context.</summary>
    private static LocationScale Below(Generator generator, int context) =>
        new(new StandardNormal(Shape.Vector(1)), new ResidualMlp(context, 2, 4, 1, generator), Shape.Vector(context));
}
