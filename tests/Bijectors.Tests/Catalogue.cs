using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests;

/// <summary>
/// One bijector of the catalogue: what it is called, how it is made from a seed, and what it is tested on.
/// </summary>
internal sealed record Entry(string Name, Func<int, Bijector> Make, Shape Shape, int? ContextSize = null)
{
    public Shape? ContextShape => ContextSize is { } size ? Shape.Vector(size) : null;
}

/// <summary>
/// Every bijector there is, and compositions of them. A new one is a line here, and every law is tested on it; networks
/// and models are found.
/// </summary>
internal static partial class Catalogue
{
    private static readonly Shape s_three = Shape.Vector(3);
    private static readonly Shape s_four = Shape.Vector(4);
    private static readonly Shape s_five = Shape.Vector(5);
    private static readonly Shape s_table = Shape.Of(3, 4);
    private static readonly Shape s_image = Shape.Image(2, 4, 4);

    public static IReadOnlyList<Entry> All { get; } = WithFound(
    [
        // Elementwise
        new("Identity", _ => new Identity(), s_three),
        new("Exp", _ => new Exp(), s_three),
        new("Log", _ => new Log(), s_three),
        new("Expm1", _ => new Expm1(), s_three),
        new("Log1p", _ => new Log1p(), s_three),
        new("Softplus", _ => new Softplus(), s_three),
        new("Sigmoid", _ => new Sigmoid(), s_three),
        new("Logit", _ => new Logit(), s_three),
        new("Tanh", _ => new Tanh(), s_three),
        new("Atanh", _ => new Atanh(), s_three),
        new("Sinh", _ => new Sinh(), s_three),
        new("Asinh", _ => new Asinh(), s_three),
        new("Erf", _ => new Erf(), s_three),
        new("Probit", _ => new Probit(), s_three),
        new("LogisticToNormal", _ => new LogisticToNormal(), s_three),
        new("Elu", _ => new Elu(), s_three),
        new("LeakyRelu", _ => new LeakyRelu(0.2), s_three),
        new("Square", _ => new Square(), s_three),
        new("Sqrt", _ => new Sqrt(), s_three),
        new("Reciprocal", _ => new Reciprocal(), s_three),
        new("Power 3", _ => new Power(3), s_three),
        new("Power 0.5", _ => new Power(0.5), s_three),
        new("Power -1.5", _ => new Power(-1.5), s_three),
        new("Negate", _ => new Negate(), s_three),
        new("Scale", _ => new Scale(-2), s_three),
        new("Shift", _ => new Shift(1.5), s_three),
        new("Affine", _ => new Affine(0.5, -1), s_three),
        new("Standardize", _ => new Standardize(tensor([1f, -2, 0]), tensor([0.5f, 2, 1])), s_three),
        new("Softplus of an image", _ => new Softplus(), s_image),
        new("Scale of a scalar", _ => new Scale(3), Shape.Scalar),

        // Rearrangements
        new("Reverse", _ => new Reverse(), s_three),
        new("Reverse of rows", _ => new Reverse(-2), s_table),
        new("Roll", _ => new Roll(1), s_three),
        new("Roll of columns of an image", _ => new Roll(-3), s_image),
        new("Permute", _ => new Permute([2, 0, 1]), s_three),
        new("Permute, random, of channels", seed => Permute.Random(4, Random(seed), -3), Shape.Image(4, 2, 2)),
        new("ElementPermutation", seed => ElementPermutation.Random(s_table, Random(seed)), s_table),
        new("Reshape", _ => new Reshape(s_table, Shape.Of(2, 2, 3)), s_table),
        new("Reshape of the last dimensions", _ => new Reshape(s_four, Shape.Of(2, 2)), s_table),
        new("Flatten", _ => new Flatten(s_image), s_image),
        new("Squeeze", _ => new Squeeze(), s_image),
        new("Patchify", _ => new Patchify(s_image, 2), s_image),

        // Events
        new("Ascending", _ => new Ascending(), s_four),
        new("Rotation", _ => new Rotation(2.5), s_three),
        new("StickBreaking", _ => new StickBreaking(), s_four),
        new("StickBreaking of the rows of a table", _ => new StickBreaking(), s_table),
        new("~StickBreaking", _ => ~new StickBreaking(), s_four),
        new("Stereographic", _ => new Stereographic(), s_three),
        new("Stereographic onto the circle in the plane", _ => new Stereographic(), Shape.Vector(1)),
        new("FillCholesky", _ => new FillCholesky(), Shape.Vector(6)),
        new("Chain from the simplex", seed => ~new StickBreaking() >> new PluLinear(3, Random(seed)), s_four),
        new("Chain from the simplex to the sphere",
            seed => ~new StickBreaking() >> new PluLinear(3, Random(seed)) >> new Stereographic(), s_four),
        new("On a half, onto the simplex", _ => new StickBreaking().On(Partition.Halves()), s_four),

        // Linear
        new("PluLinear", seed => new PluLinear(4, Random(seed)), s_four),
        new("PluLinear of size 1", seed => new PluLinear(1, Random(seed)), Shape.Vector(1)),
        new("PluLinear of the rows of a table", seed => new PluLinear(4, Random(seed)), s_table),
        new("Householder", seed => new Householder(4, 3, Random(seed)), s_four),
        new("Householder of the rows of a table", seed => new Householder(4, 4, Random(seed)), s_table),
        new("Conv1x1", seed => new Conv1x1(2, Random(seed)), s_image),
        new("TriangularConvolution", seed => Triangular(seed, Corner.TopLeft), s_image),
        new("TriangularConvolution from the bottom", seed => Triangular(seed, Corner.BottomLeft, 2), s_image),
        new("TriangularConvolution, raster", seed => Triangular(
            seed, Corner.BottomRight, window: PixelWindow.Raster), s_image),
        new("TriangularConvolution, inverted", seed => ~Triangular(seed, Corner.TopRight, 2), s_image),
        new("ActNorm", _ => new ActNorm(s_four), s_four),
        new("ActNorm of channels", _ => new ActNorm(s_image, -3), s_image),

        // Couplings
        new("AdditiveCoupling", seed => new AdditiveCoupling(Mlp(seed, 2, 2)), s_four),
        new(
            "AdditiveCoupling by a standardisation",
            _ => new AdditiveCoupling(new ContextStandardization(Shape.Vector(2))), s_four),
        new("AdditiveCoupling by an optional context",
            _ => new AdditiveCoupling(new OptionalContext(Shape.Vector(2))), s_four),
        new("AffineCoupling", seed => new AffineCoupling(Mlp(seed, 2, 4)), s_four),
        new("AffineCoupling of an odd size", seed => new AffineCoupling(Mlp(seed, 3, 4)), s_five),
        new("AffineCoupling, alternating",
            seed => new AffineCoupling(Mlp(seed, 3, 4), Partition.Alternating()), s_five),
        new("AffineCoupling, swapped",
            seed => new AffineCoupling(Mlp(seed, 2, 6), Partition.Halves().Swapped()), s_five),
        new("AffineCoupling, exponential",
            seed => new AffineCoupling(Mlp(seed, 1, 6), Partition.First(1), ScaleMap.Exponential), s_four),
        new("AffineCoupling, sigmoid",
            seed => new AffineCoupling(Mlp(seed, 2, 4), scale: ScaleMap.Sigmoid(floor: 0.1)), s_four),
        new("AffineCoupling, softplus",
            seed => new AffineCoupling(Mlp(seed, 2, 4), scale: ScaleMap.Softplus()), s_four),
        new("AffineCoupling, conditional", seed => new AffineCoupling(Mlp(seed, 2, 4, context: 2)), s_four, 2),
        new("AffineCoupling of images", seed => new AffineCoupling(Cnn(seed, 1, 2)), s_image),
        new("AffineCoupling, checkerboard",
            seed => new AffineCoupling(Cnn(seed, 2, 4), Partition.Checkerboard), s_image),
        new("AffineCoupling of images, conditional",
            seed => new AffineCoupling(Cnn(seed, 1, 2, context: 3)), s_image, 3),
        new("AffineCoupling of images by attention", seed => new AffineCoupling(
            new GatedResNet(1, 2, hidden: 4, blockCount: 1, Random(seed), heads: 2)), Shape.Image(2, 2, 3)),
        new("AffineCoupling of tokens",
            seed => new AffineCoupling(new VisionTransformer(2, 4, 2, 6, 1, Random(seed)), Partition.Alternating(-2)),
            Shape.Of(4, 2)),
        new("AffineCoupling of tokens by a mixer",
            seed => new AffineCoupling(
                new MlpMixer(Shape.Of(3, 2), Shape.Of(2, 4), 6, 1, Random(seed)), Partition.First(3, -2)),
            Shape.Of(5, 2)),
        new("GlowCouplings of one trunk, conditional", seed => Sharing(
            Cnn(seed, 1, 4, context: 4),
            (trunk, i) => new GlowCoupling(new SharingConditioner(trunk, 4, 2, 2, Random(seed + i)))), s_image, 2),
        new("Coupling that shifts first", seed => new Coupling(
            Mlp(seed, 2, 4), Transformer.Affine(ScaleMap.TwiceSigmoid, shiftFirst: true)), s_four),
        new("GlowCoupling", seed => new GlowCoupling(Cnn(seed, 1, 2)), s_image),

        new("Coupling by splines of an odd size, conditional", seed => new Coupling(
            Mlp(seed, 3, 2 * 5, context: 2), Transformer.RationalQuadratic(bins: 2), Partition.Alternating()),
            s_five, 2),
        new("Coupling by splines along columns",
            seed => new Coupling(Mlp(seed, 2, 8), Transformer.RationalQuadratic(bins: 3)).Along(-2), s_table),

        // Transformers of other forms; those of the usual ones are found
        new("RationalQuadraticSpline, linear tails",
            _ => new RationalQuadraticSpline(3, ends: SplineEnds.Linear), s_three, 10),
        new("RationalQuadraticSpline, closed", _ => new RationalQuadraticSpline(3, 2, SplineEnds.Closed), s_three, 10),
        new("RationalQuadraticSpline, circular", _ => new RationalQuadraticSpline(3, ends: SplineEnds.Circular),
            s_three, 9),
        new("RationalQuadraticSpline, clipped",
            _ => new RationalQuadraticSpline(3, 5, leastSize: 0, leastSlope: 0, softClip: 1e-3), s_three, 8),
        new("LinearSpline, closed", _ => new LinearSpline(3, 2, SplineEnds.Closed), s_three, 3),
        new("QuadraticSpline, closed", _ => new QuadraticSpline(3, 2, SplineEnds.Closed), s_three, 7),
        new("CubicSpline, closed", _ => new CubicSpline(3, 2, SplineEnds.Closed), s_three, 8),
        new("Coupling by circular splines",
            seed => new Coupling(Mlp(seed, 2, 18), new RationalQuadraticSpline(3, ends: SplineEnds.Circular)), s_four),
        new("Coupling by closed splines",
            seed => new Coupling(Mlp(seed, 2, 20), new RationalQuadraticSpline(3, 2, SplineEnds.Closed)), s_four),
        new("Coupling of images", seed => new Coupling(Cnn(seed, 1, 8), new RationalQuadraticSpline(3)), s_image),
        new("Autoregressive by DeepSigmoid", seed => new Autoregressive(
            new Made(2, 6, 1, Random(seed), options: new() { Outputs = 9 }), new DeepSigmoid(3)), Shape.Vector(2)),

        new("ElementwiseLayer, conditional", seed => new ElementwiseLayer(
            Transformer.SinhArcsinh(), s_three, Mlp(seed, 0, 6, context: 2)), s_three, 2),
        new("ElementwiseLayer of a table, conditional", seed => new ElementwiseLayer(
            new RationalQuadraticSpline(2), Shape.Of(2, 3), Mlp(seed, 0, 30, context: 2)), Shape.Of(2, 3), 2),

        // Residual
        new("ResidualLayer", seed => new ResidualLayer(new LipschitzMlp(4, 6, 1, Random(seed))), s_four),
        new("ResidualLayer, conditional",
            seed => new ResidualLayer(new LipschitzMlp(3, 6, 2, Random(seed), contextSize: 2)), s_three, 2),
        new("ResidualLayer, dense", seed => new ResidualLayer(
            new LipschitzMlp(3, 4, 2, Random(seed), contextSize: 2, constant: 0.98, isDense: true)), s_three, 2),
        new("ResidualLayer, estimated", seed => Estimated(seed), s_four),
        new("ResidualLayer, estimated, with gradients by a series", seed => Estimated(seed, neumann: true), s_four),
        new("ResidualLayer of the rows of a table",
            seed => new ResidualLayer(new LipschitzMlp(4, 6, 1, Random(seed))), s_table),

        new("Planar", seed => new Planar(4, Random(seed)), s_four),
        new("Planar, conditional", seed => new Planar(3, Random(seed), Mlp(seed, 0, 7, context: 2)), s_three, 2),
        new("Planar of the rows of a table, conditional",
            seed => new Planar(4, Random(seed), Mlp(seed, 0, 9, context: 2)), s_table, 2),
        new("Radial", seed => new Radial(4, Random(seed)), s_four),
        new("Radial, conditional", seed => new Radial(3, Random(seed), Mlp(seed, 0, 5, context: 2)), s_three, 2),
        new("Sylvester", seed => new Sylvester(4, 2, Random(seed)), s_four),
        new("Sylvester of all directions", seed => new Sylvester(4, 4, Random(seed)), s_table),
        new("Sylvester, conditional",
            seed => new Sylvester(4, 3, Random(seed), Mlp(seed, 0, 3, context: 2)), s_four, 2),

        // Autoregressive
        new("MaskedAutoregressive", seed => new MaskedAutoregressive(Autoregressive(seed, 4)), s_four),
        new("MaskedAutoregressive by locations", seed => new MaskedAutoregressive(
            new LocationConditioner(Autoregressive(seed, 4), ScaleMap.Bounded())), s_four),
        new("MaskedAutoregressive layers of one trunk", seed => Sharing(
            Autoregressive(seed, 3, context: 2),
            (trunk, i) => new MaskedAutoregressive(
                new SharingCausalConditioner(trunk, 3, 2, 2, Random(seed + i)))), s_three),
        new("MaskedAutoregressive of size 1",
            seed => new MaskedAutoregressive(Autoregressive(seed, 1)), Shape.Vector(1)),
        new("MaskedAutoregressive, exponential",
            seed => new MaskedAutoregressive(Autoregressive(seed, 3), ScaleMap.Exponential), s_three),
        new("MaskedAutoregressive, conditional",
            seed => new MaskedAutoregressive(Autoregressive(seed, 4, context: 2)), s_four, 2),

        new("MaskedAutoregressive, in sweeps", InSweeps, Shape.Vector(12)),
        new("MaskedAutoregressive in another order",
            seed => new MaskedAutoregressive(Ordered(seed, new() { Order = [2, 0, 3, 1] })), s_four),
        new("MaskedAutoregressive of plain layers", seed => new MaskedAutoregressive(
            Ordered(seed, new() { Order = [3, 2, 1, 0], Activation = Activation.Tanh, IsResidual = false })), s_four),

        new("MaskedAutoregressive of tokens", seed => new MaskedAutoregressive(
            new CausalTransformer(2, 4, 5, 2, Random(seed), heads: 2, expansion: 1), ScaleMap.Exponential),
            Shape.Of(4, 2)),
        new("Autoregressive of tokens by splines", seed => new Autoregressive(
            new CausalTransformer(2, 3, 6, 1, Random(seed), outputs: 5), Transformer.RationalQuadratic(bins: 2)),
            Shape.Of(3, 2)),
        new(
            "MaskedAutoregressive of a graph",
            seed => new MaskedAutoregressive(MaskedMlp.Of(
                tensor(new[,] { { 0, 0, 1, 0 }, { 0, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 1, 0, 0 } }), [6], Random(seed))),
            s_four),

        new("AffineCoupling of one feature, conditional", seed => new AffineCoupling(Mlp(seed, 0, 2, context: 2)),
            Shape.Vector(1), 2),

        // Algebra
        new("~Softplus", _ => ~new Softplus(), s_three),
        new("~AffineCoupling", seed => ~new AffineCoupling(Mlp(seed, 2, 4)), s_four),
        new("~MaskedAutoregressive", seed => ~new MaskedAutoregressive(Autoregressive(seed, 3)), s_three),
        new("~Patchify", _ => ~new Patchify(s_image, 2), Shape.Of(4, 8)),
        new("Chain of elementwise bijectors",
            _ => new Softplus() >> new Log() >> new Affine(2, -1) >> new Sinh(), s_three),
        new("Chain of ranks 0, 1 and 3", seed => new Asinh() >> new Reverse() >> new Conv1x1(2, Random(seed)), s_image),
        new("Chain that changes the rank", seed => new Asinh() >> new Flatten(Shape.Of(2, 3))
            >> new PluLinear(6, Random(seed)) >> new Sinh(), Shape.Of(2, 3)),
        new("Chain that raises the rank", seed => new PluLinear(6, Random(seed))
            >> new Reshape(Shape.Vector(6), Shape.Of(2, 3)) >> new PluLinear(3, Random(seed + 9)), Shape.Vector(6)),
        new("~Chain", seed => ~(new ActNorm(s_four) >> new PluLinear(4, Random(seed)) >> new Softplus()), s_four),
        new("Along rows", seed => new PluLinear(4, Random(seed)).Along(-1), s_table),
        new("Along columns", seed => new PluLinear(3, Random(seed)).Along(-2), s_table),
        new("Along channels", seed => new AffineCoupling(Mlp(seed, 1, 2)).Along(-3), s_image),
        new("Along columns, conditional",
            seed => new AffineCoupling(Mlp(seed, 2, 2, context: 2)).Along(-2), s_table, 2),
        new("Along of an elementwise bijector", _ => new Softplus().Along(-2), s_table),
        new("On a half", _ => new Exp().On(Partition.Halves()), s_five),
        new("On the odd channels", seed => new Conv1x1(2, Random(seed)).On(Partition.Alternating(-3)),
            Shape.Image(3, 2, 2)),
        new("On a half, conditional",
            seed => new AffineCoupling(Mlp(seed, 1, 2, context: 2)).On(Partition.Halves()), s_four, 2),
        new("Parallel", seed => new Parallel(new PluLinear(3, Random(seed)), new Sinh(), Partition.Halves()), s_five),
        new("Parallel with two domains", _ => new Parallel(new Log(), new Logit(), Partition.Alternating()), s_five),
        new("Parallel, conditional", seed => new Parallel(new AffineCoupling(Mlp(seed, 1, 2, context: 2)),
            new MaskedAutoregressive(Autoregressive(seed, 2, context: 2)), Partition.Halves()), s_four, 2),
        new("FactorOut", seed => new FactorOut(Partition.Halves(-3), new Conv1x1(1, Random(seed))
            >> new Flatten(Shape.Image(1, 4, 4)), Cnn(seed, 1, 2), s_image), s_image),
        new("FactorOut without a prior", _ => new FactorOut(Partition.Halves(), new Sinh(), null, s_five), s_five),
        new("FactorOut, conditional", seed => new FactorOut(Partition.Halves(),
            new AffineCoupling(Mlp(seed, 1, 2, context: 2)), Mlp(seed + 9, 2, 4, context: 2), s_four), s_four, 2),

        // Layers of models
        new("MixerFlow layer", Mixer, s_image),
        new("Glow step, twice", seed => GlowStep(seed) >> GlowStep(seed + 9), s_image),
        new(
            "RealNVP",
            seed => new AffineCoupling(Mlp(seed, 2, 4)) >> new Reverse() >> new AffineCoupling(Mlp(seed + 9, 2, 4))
                >> new ActNorm(s_four),
            s_four),
        new(
            "MAF, conditional",
            seed => new MaskedAutoregressive(Autoregressive(seed, 3, context: 2)) >> new Reverse()
                >> new MaskedAutoregressive(Autoregressive(seed + 9, 3, context: 2)),
            s_three, 2),
    ]);

    /// <summary>Adds what is found by itself, where the tests have means to find it.</summary>
    static partial void AddFound(List<Entry> entries);

    private static List<Entry> WithFound(List<Entry> entries)
    {
        AddFound(entries);
        return entries;
    }

    private static Generator Random(int seed) => new((ulong)seed);

    private static ResidualMlp Mlp(int seed, long inputs, long outputs, long context = 0) =>
        new(inputs, outputs, hidden: 6, blockCount: 1, Random(seed), context);

    private static ConvNet Cnn(int seed, long inputs, long outputs, long context = 0) =>
        new(inputs, outputs, hidden: 4, Random(seed), context);

    private static Made Autoregressive(int seed, long features, long context = 0) =>
        new(features, hidden: 6, blockCount: 1, Random(seed), context);

    private static Bijector Sharing<T>(T trunk, Func<T, int, Bijector> layer) =>
        Chain.Of(layer(trunk, 0), new Reverse(), layer(trunk, 1));

    private static ResidualLayer Estimated(int seed, bool neumann = false) =>
        new(new LipschitzMlp(4, 6, 1, Random(seed)), new(Random(seed + 7), hasNeumannGradients: neumann));

    private static MaskedAutoregressive InSweeps(int seed) =>
        new(Autoregressive(seed, 12), solution: CausalSolution.Jacobi(1e-6));

    private static Made Ordered(int seed, MadeOptions options) =>
        new(features: 4, hidden: 6, blockCount: 1, Random(seed), options: options);

    private static Bijector Mixer(int seed) =>
        new Roll(1, -1) >> new Roll(1, -2) >> new Patchify(s_image, 2) >> new ActNorm(Shape.Of(4, 8))
        >> (new PluLinear(8, Random(seed)) >> new AffineCoupling(Mlp(seed, 4, 8))).Along(-1)
        >> (new PluLinear(4, Random(seed + 1)) >> new AffineCoupling(Mlp(seed + 1, 2, 4))).Along(-2);

    private static TriangularConvolution Triangular(
        int seed, Corner corner, int kernel = 3, PixelWindow window = PixelWindow.Quadrant) =>
        new(2, Random(seed), kernel, corner, window);

    private static Bijector GlowStep(int seed) =>
        new ActNorm(s_image, -3) >> new Conv1x1(2, Random(seed)) >> new GlowCoupling(Cnn(seed, 1, 2));
}
