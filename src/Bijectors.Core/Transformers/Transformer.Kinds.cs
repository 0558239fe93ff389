using static TorchSharp.torch;

namespace Bijectors;

/// <content>The transformers of the library.</content>
public abstract partial class Transformer
{
    /// <summary>Lines, see <see cref="AffineTransformer"/>.</summary>
    /// <param name="scale">How raw numbers become scales; <see cref="ScaleMap.Bounded"/> by default.</param>
    /// <param name="shiftFirst">Whether x is shifted before it is scaled, as in Glow and Jet.</param>
    public static Transformer Affine(ScaleMap? scale = null, bool shiftFirst = false) =>
        new AffineTransformer(scale, shiftFirst);

    /// <summary>Shifts, see <see cref="AdditiveTransformer"/>.</summary>
    public static Transformer Additive() => new AdditiveTransformer();

    /// <summary>Gates, see <see cref="Bijectors.Gate"/>.</summary>
    /// <param name="offset">How far the gate is open for a raw zero; by 0.88 at 2.</param>
    public static Transformer Gate(double offset = 2) => new Gate(offset);

    /// <summary>Monotone rational-quadratic splines, see <see cref="RationalQuadraticSpline"/>.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">What they are at the ends and outside.</param>
    /// <param name="leastSize">The least share of a bin.</param>
    /// <param name="leastSlope">The least slope at a knot.</param>
    /// <param name="softClip">The c of zuko's parameterisation; null for that of nflows.</param>
    public static Transformer RationalQuadratic(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = 1e-3,
        double leastSlope = 1e-3, double? softClip = null) =>
        new RationalQuadraticSpline(bins, bound, ends, leastSize, leastSlope, softClip);

    /// <summary>Monotone piecewise-linear maps, see <see cref="Bijectors.LinearSpline"/>.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">What they are at the ends and outside.</param>
    /// <param name="leastSize">The least share of a bin.</param>
    public static Transformer LinearSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = 1e-3) =>
        new LinearSpline(bins, bound, ends, leastSize);

    /// <summary>Monotone piecewise-quadratic maps, see <see cref="Bijectors.QuadraticSpline"/>.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">What they are at the ends and outside.</param>
    /// <param name="leastSize">The least share of a bin in width.</param>
    public static Transformer QuadraticSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = 1e-3) =>
        new QuadraticSpline(bins, bound, ends, leastSize);

    /// <summary>Monotone piecewise-cubic maps, see <see cref="Bijectors.CubicSpline"/>.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">What they are at the ends and outside.</param>
    /// <param name="leastSize">The least share of a bin.</param>
    public static Transformer CubicSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = 1e-3) =>
        new CubicSpline(bins, bound, ends, leastSize);

    /// <summary>Distribution functions of mixtures of logistics, see <see cref="Bijectors.LogisticMixture"/>.</summary>
    /// <param name="components">The number of components.</param>
    /// <param name="scale">How the raw slope of the line becomes a scale; <see cref="ScaleMap.Bounded"/> by
    /// default.</param>
    public static Transformer LogisticMixture(int components = 8, ScaleMap? scale = null) =>
        new LogisticMixture(components, scale);

    /// <summary>Mixtures of logistics made standard normal, see <see cref="Bijectors.Gaussianization"/>.</summary>
    /// <param name="components">The number of components.</param>
    public static Transformer Gaussianization(int components = 8) => new Gaussianization(components);

    /// <summary>Monotone networks of one hidden layer, see <see cref="Bijectors.DeepSigmoid"/>.</summary>
    /// <param name="units">The number of hidden units.</param>
    public static Transformer DeepSigmoid(int units = 8) => new DeepSigmoid(units);

    /// <summary>Increasing Bernstein polynomials, see <see cref="BernsteinPolynomial"/>.</summary>
    /// <param name="degree">The degree.</param>
    /// <param name="bound">Where the tangents begin.</param>
    public static Transformer Bernstein(int degree = 16, double bound = 5) => new BernsteinPolynomial(degree, bound);

    /// <summary>Integrals of sums of squares, see <see cref="Bijectors.SumOfSquares"/>.</summary>
    /// <param name="polynomials">The number of polynomials.</param>
    /// <param name="degree">Their degree.</param>
    public static Transformer SumOfSquares(int polynomials = 3, int degree = 2) =>
        new SumOfSquares(polynomials, degree);

    /// <summary>Integrals of a positive network, see <see cref="Bijectors.MonotoneIntegral"/>.</summary>
    /// <param name="embedding">The number of features that the network reads beside a number.</param>
    /// <param name="hidden">The width of its hidden layers.</param>
    /// <param name="generator">What its weights are drawn from.</param>
    /// <param name="nodes">The number of nodes of the integral.</param>
    public static Transformer MonotoneIntegral(int embedding, int hidden, Generator generator, int nodes = 32) =>
        new MonotoneIntegral(embedding, hidden, generator, nodes);

    /// <summary>Skewness and weight of the tails, see <see cref="Bijectors.SinhArcsinh"/>.</summary>
    /// <param name="scale">How raw numbers become the weight; between 1/e and e by default.</param>
    public static Transformer SinhArcsinh(ScaleMap? scale = null) => new SinhArcsinh(scale);
}
