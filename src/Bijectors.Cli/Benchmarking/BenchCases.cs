using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// What <c>bijectors bench</c> knows. Names and sizes stay as they are, so that figures of different versions compare.
/// </summary>
internal static class BenchCases
{
    private const double SplineBound = 3;

    private static readonly TarFlowOptions s_tarFlow =
        new() { Patch = 4, Blocks = 4, Layers = 2, Hidden = 128, Heads = 4, Expansion = 4 };

    private static readonly ResidualFlowOptions s_residual = new() { Blocks = 4, Hidden = 64, Depth = 2 };

    private static readonly JetOptions s_jet =
        new() { Patch = 7, Couplings = 9, SpatialEvery = 3, Layers = 1, Hidden = 128, Heads = 4, Expansion = 4 };

    public static IReadOnlyList<BenchCase> All { get; } =
    [
        new("realnvp-d2", "8 affine couplings, hidden 64", 256, 256, () => Couplings(2, 64), EagerTwins.Couplings),
        new("realnvp-d64", "8 affine couplings, hidden 128", 256, 256, () => Couplings(64, 128), EagerTwins.Couplings),
        new("nsf-d64", "5 spline couplings of 8 bins, hidden 128", 256, 256, () => Flow.On(Shape.Vector(64))
            .Repeat(5, (layer, i) => layer
                .Coupling(Transformer.RationalQuadratic(8, SplineBound), 128, partition: Masks(i)))
            .Into(Distribution.StandardNormal), state => EagerTwins.Splines(state, SplineBound)),
        new("nsf-ar-d64", "5 reversals and autoregressive splines of 8 bins, hidden 128", 256, 64, () =>
            Flow.On(Shape.Vector(64))
                .Repeat(5, layer => layer.Reverse()
                    .Autoregressive(Transformer.RationalQuadratic(8, SplineBound), 128))
                .Into(Distribution.StandardNormal), state => EagerTwins.AutoregressiveSplines(state, SplineBound)),
        new("maf-d64", "5 reversals and masked affine layers, hidden 128", 256, 64, () => Autoregressive(64, 5, 128),
            EagerTwins.Autoregressive),
        new("maf-d784", "2 reversals and masked affine layers, hidden 512", 64, 4, () => Autoregressive(784, 2, 512),
            EagerTwins.Autoregressive),
        new("glow-3x32x32", "2 levels of 4 steps, hidden 64", 16, 16, () =>
            Glow.Create(Shape.Image(3, 32, 32), new() { Levels = 2, Steps = 4, Hidden = 64 }), EagerTwins.Glow),
        new("mixerflow-1x28x28", "patch 4, 16 layers, hidden 256", 64, 64, () =>
            MixerFlow.Create(Shape.Image(1, 28, 28), new() { Patch = 4, Layers = 16, Hidden = 256 }),
            state => EagerTwins.Mixer(state, patch: 4)),
        new("tarflow-1x28x28", "patch 4, 4 blocks of 2 layers, hidden 128", 64, 64, () =>
            TarFlow.Create(Shape.Image(1, 28, 28), s_tarFlow), state => EagerTwins.TarFlow(state, s_tarFlow)),
        new("jet-1x28x28", "patch 7, 9 couplings, hidden 128", 64, 64, () =>
            Jet.Create(Shape.Image(1, 28, 28), s_jet), state => EagerTwins.Jet(state, s_jet)),
        new("resflow-d8", "4 residual layers with exact log-dets, hidden 64", 256, 256, () =>
            ResidualFlow.Create(Shape.Vector(8), s_residual), state => EagerTwins.Residual(state, s_residual)),
    ];

    /// <summary>The case of a name.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static BenchCase Named(string name) =>
        All.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserException(
                $"expected a case ({string.Join(", ", All.Select(candidate => candidate.Name))}), got '{name}'.");

    private static Flow Couplings(int features, int hidden) => Flow.On(Shape.Vector(features))
        .Repeat(8, (layer, i) => layer.AffineCoupling(hidden, partition: Masks(i)))
        .Into(Distribution.StandardNormal);

    private static Flow Autoregressive(int features, int layers, int hidden) => Flow.On(Shape.Vector(features))
        .Repeat(layers, layer => layer.Reverse().MaskedAutoregressive(hidden))
        .Into(Distribution.StandardNormal);

    private static Partition Masks(int layer) =>
        layer % 2 == 0 ? Partition.Alternating() : Partition.Alternating().Swapped();
}
