using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using Formula = Bijectors.RationalQuadratic;

namespace Bijectors;

/// <summary>
/// Monotone rational-quadratic splines of K bins on [-bound, bound], see <see cref="RationalQuadratic"/> for the
/// formula; parameters <c>[widths (K) | heights (K) | slopes]</c> with a slope for each knot inside, and one or two
/// more where those at the ends are trained.
/// </summary>
/// <remarks>
/// Standardise the data first, so that most of them lie in [-bound, bound]. With the identity outside and the usual
/// least sizes float32 and float64 run through vectorized code on the CPU. Source: Durkan et al. 2019, Neural spline
/// flows, arXiv 1906.04032, eq. 4 to 8; on the circle, Rezende et al. 2020, Normalizing flows on tori and spheres,
/// arXiv 2002.02428, section 2.1.2.
/// </remarks>
[GeneratedBijector]
public sealed partial class RationalQuadraticSpline : Transformer
{
    private readonly int _bins;
    private readonly double _bound;
    private readonly SplineEnds _ends;
    private readonly double _leastSize;
    private readonly double _leastSlope;
    private readonly double? _softClip;
    private readonly SplineForm _form;

    /// <summary>Splines.</summary>
    /// <param name="bins">The number K of bins.</param>
    /// <param name="bound">Half the length of the interval; of circular splines it is pi, whatever is given.</param>
    /// <param name="ends">What they are at the ends and outside.</param>
    /// <param name="leastSize">The least share of a bin in width and in height.</param>
    /// <param name="leastSlope">The least slope at a knot.</param>
    /// <param name="softClip">Null: shares are softmax and slopes softplus of raw numbers, as in nflows. A number c: as
    /// in zuko, raw numbers are first brought into (log c, -log c), by <c>r / (1 + |2 r / log c|)</c> for shares and
    /// <c>r / (1 + |r / log c|)</c> for slopes, and slopes are exp of them; give 0 as both least values then.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public RationalQuadraticSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = SplineKnots.Least,
        double leastSlope = SplineKnots.Least, double? softClip = null)
    {
        _bins = SplineNumbers.Bins(nameof(RationalQuadraticSpline), bins, leastSize);
        _bound = ends == SplineEnds.Circular ? Math.PI : bound;
        Numbers.CheckPositive(nameof(RationalQuadraticSpline), _bound);
        _ends = ends;
        _leastSize = leastSize;
        _leastSlope = SplineNumbers.Least(nameof(RationalQuadraticSpline), "slope", leastSlope);
        _softClip = softClip is null or (> 0 and < 1)
            ? softClip
            : throw new ArgumentException(FormattableString.Invariant(
                $"RationalQuadraticSpline: expected softClip between 0 and 1, got {softClip}."), nameof(softClip));
        _form = new(_bound, (SplineTails)ends, leastSize, leastSlope);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_bins, _bins, _form.Slopes(_bins)];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override Domain Domain => SplineNumbers.Domain(_ends, _bound);

    /// <inheritdoc/>
    public override Domain Codomain => Domain;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <summary>The type and the bins.</summary>
    public override string ToString() => $"RationalQuadraticSpline({_bins})";

    /// <inheritdoc/>
    public override Tensor LogSlope(Tensor x, Tensor parameters)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var (widths, heights, slopes) = Raw(parameters, x.dim());
        return SplineLogSlope(x, widths, heights, slopes).MoveToOuterDisposeScope();
    }

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (widths, heights, slopes) = Raw(context, x.dim());
        return Spline(x, widths, heights, slopes);
    }

    [Primitive(nameof(SplineInverse), nameof(SplineLogSlope), WithLogSlope = nameof(SplineWithLogSlope),
        InverseWithLogSlope = nameof(SplineInverseWithLogSlope))]
    private Tensor Spline(Tensor x, Tensor widths, Tensor heights, Tensor slopes) =>
        Formula.Value(x, widths, heights, slopes, _form, inverse: false);

    private Tensor SplineInverse(Tensor y, Tensor widths, Tensor heights, Tensor slopes) =>
        Formula.Value(y, widths, heights, slopes, _form, inverse: true);

    private Tensor SplineLogSlope(Tensor x, Tensor widths, Tensor heights, Tensor slopes) =>
        TorchSpline.LogSlope(x, widths, heights, slopes, _form);

    private (Tensor Y, Tensor LogSlope) SplineWithLogSlope(
        Tensor x, Tensor widths, Tensor heights, Tensor slopes) =>
        Formula.Both(x, widths, heights, slopes, _form, inverse: false);

    private (Tensor X, Tensor LogSlope) SplineInverseWithLogSlope(
        Tensor y, Tensor widths, Tensor heights, Tensor slopes) =>
        Formula.Both(y, widths, heights, slopes, _form, inverse: true);

    /// <summary>Raw numbers as the formula reads them; those of zuko are made so.</summary>
    private (Tensor Widths, Tensor Heights, Tensor Slopes) Raw(Tensor? context, long dimensions)
    {
        var groups = Parameters(context, dimensions);
        if (_softClip is not { } clip)
        {
            return (groups[0], groups[1], groups[2]);
        }

        var limit = Math.Log(clip);
        return (Clip(groups[0], 2 / limit), Clip(groups[1], 2 / limit),
            Elementwise.SoftplusInverse(Clip(groups[2], 1 / limit).exp()));

        static Tensor Clip(Tensor raw, double times) => raw / (1 + (raw * times).abs());
    }
}
