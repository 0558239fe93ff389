using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// The twins of the flows that <see cref="BenchCases"/> declares, whatever their sizes, which are those of the
/// parameters.
/// </summary>
internal static class EagerTwins
{
    /// <summary>Affine couplings of alternating features.</summary>
    public static EagerLayer Couplings(EagerState state) =>
        Chain(state, (layer, i) => new EagerAffineCoupling(Alternating(i), Network(layer)));

    /// <summary>Spline couplings of alternating features.</summary>
    public static EagerLayer Splines(EagerState state, double bound) =>
        Chain(state, (layer, i) => new EagerSplineCoupling(Alternating(i), Network(layer), bound));

    /// <summary>Reversals and masked autoregressive layers in turn.</summary>
    public static EagerLayer Autoregressive(EagerState state) => Chain(state, (layer, i) => i % 2 == 0
        ? EagerRearrangement.Reversal
        : new EagerAutoregressive(Network(layer)));

    /// <summary>Reversals and autoregressive layers by splines in turn.</summary>
    public static EagerLayer AutoregressiveSplines(EagerState state, double bound) =>
        Chain(state, (layer, i) => i % 2 == 0
            ? EagerRearrangement.Reversal
            : new EagerSplineAutoregressive(Network(layer), bound));

    /// <summary>A Glow.</summary>
    public static EagerLayer Glow(EagerState state) => Level(state, state.EventShape);

    /// <summary>
    /// A MixerFlow that begins each layer with a norm of elements, along the channels and then along the patches, and
    /// ends with another norm.
    /// </summary>
    public static EagerLayer Mixer(EagerState state, long patch) => Chain(state, (layer, i) => i == 0
        ? EagerRearrangement.Patches(patch, state.EventShape)
        : (i % 3) switch
        {
            1 => new EagerActNorm(layer),
            2 => new EagerShared(Vectors(layer.At("inner")), ofColumns: false),
            _ => new EagerShared(Vectors(layer.At("inner")), ofColumns: true),
        });

    /// <summary>A TarFlow.</summary>
    public static EagerLayer TarFlow(EagerState state, TarFlowOptions options) => Chain(state, (layer, i) => i == 0
        ? EagerRearrangement.Patches(options.Patch, state.EventShape)
        : (i % 3) switch
        {
            1 => new EagerActNorm(layer),
            2 => new EagerTokenAutoregressive(new(layer.At("net"), options.Heads)),
            _ => EagerRearrangement.TokenReversal,
        });

    /// <summary>A Jet.</summary>
    public static EagerLayer Jet(EagerState state, JetOptions options)
    {
        var layers = state.Each("layers");
        var all = new List<EagerLayer> { EagerRearrangement.Patches(options.Patch, state.EventShape) };
        for (var coupling = 1; coupling <= options.Couplings; coupling++)
        {
            var (norm, order, couple) = (layers[all.Count], layers[all.Count + 1], layers[all.Count + 2]);
            var isSpatial = coupling % options.SpatialEvery == 0;
            var split = isSpatial
                ? EagerSplit.Halves(swapped: coupling / options.SpatialEvery % 2 == 0) : EagerSplit.Halves(dim: 2);
            var permutation = EagerRearrangement.Permutation(order, isSpatial ? 1 : 2);
            var network = new EagerTransformer(couple.At("net"), options.Heads);
            all.AddRange([new EagerActNorm(norm), permutation, new EagerJetCoupling(split, network)]);
            if (isSpatial)
            {
                all.Add(permutation.Undone);
            }
        }

        return new EagerChain(all);
    }

    /// <summary>A residual flow of vectors whose log-dets are exact and whose networks are not dense.</summary>
    public static EagerLayer Residual(EagerState state, ResidualFlowOptions options) => new EagerChain(
        state.Each("layers").Skip(1).Select(EagerLayer (layer, i) => i % 2 == 0
            ? new EagerActNorm(layer)
            : new EagerResidual(layer.At("net"), options.Constant)));

    /// <summary>One level of a Glow, and those behind it.</summary>
    private static EagerChain Level(EagerState state, Shape image)
    {
        var squeezed = Shape.Image(4 * image[0], image[1] / 2, image[2] / 2);
        return Chain(state, (layer, i) => layer.Has("prior.first.weight")
            ? FactorOut(layer, squeezed)
            : i == 0 ? EagerRearrangement.Squeeze(2)
            : (i % 3) switch
            {
                1 => new EagerActNorm(layer),
                2 => new EagerLinear(layer.At("linear"), ofChannels: true),
                _ => new EagerGlowCoupling(new EagerConvNet(layer.At("net"))),
            });
    }

    private static EagerChain Vectors(EagerState state) => Chain(state, (layer, i) => i == 0
        ? new EagerLinear(layer)
        : new EagerAffineCoupling(EagerSplit.Halves(swapped: i % 2 == 0), Network(layer)));

    private static EagerFactorOut FactorOut(EagerState state, Shape whole)
    {
        var half = whole.With(-3, whole[-3] / 2);
        var isLast = !state.Each("rest.layers")[^1].Has("prior.first.weight");
        var retained = isLast ? Shape.Image(4 * half[0], half[1] / 2, half[2] / 2) : Shape.Vector(half.Size);
        return new(Level(state.At("rest"), half), new EagerConvNet(state.At("prior")), retained, half);
    }

    private static EagerChain Chain(EagerState state, Func<EagerState, int, EagerLayer> layer) =>
        new(state.Each("layers").Select(layer));

    private static EagerSplit Alternating(int layer) => EagerSplit.Alternating(swapped: layer % 2 == 1);

    private static EagerResidualNetwork Network(EagerState layer) => new(layer.At("net"));
}
