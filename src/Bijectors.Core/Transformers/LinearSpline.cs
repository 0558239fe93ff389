using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Monotone piecewise-linear maps of [-bound, bound] onto itself with K bins of equal width: in bin k,
/// <c>y = y_k + h_k (x - x_k) / w</c>, <c>log dy/dx = log(h_k / w)</c>, with heights
/// <c>h = 2 bound softmax(raw)</c>; parameters raw (K).
/// </summary>
/// <remarks>The slope jumps at the knots. Source: Mueller et al. 2019, Neural importance sampling, arXiv 1808.03856,
/// section 4.1.</remarks>
[GeneratedBijector]
public sealed partial class LinearSpline : Transformer
{
    private readonly int _bins;
    private readonly double _bound;
    private readonly SplineEnds _ends;
    private readonly double _leastSize;

    /// <summary>Splines.</summary>
    /// <param name="bins">The number K of bins.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">The identity outside, or closed.</param>
    /// <param name="leastSize">The least share of a bin in height.</param>
    /// <exception cref="ArgumentException">A number is out of range, or there are no such ends.</exception>
    public LinearSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = SplineKnots.Least)
    {
        _bins = SplineNumbers.Bins(nameof(LinearSpline), bins, leastSize);
        Numbers.CheckPositive(nameof(LinearSpline), bound);
        _bound = bound;
        _ends = SplineNumbers.IdentityOrClosed(nameof(LinearSpline), ends);
        _leastSize = leastSize;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_bins];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override Domain Domain => SplineNumbers.Domain(_ends, _bound);

    /// <inheritdoc/>
    public override Domain Codomain => Domain;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <summary>The type and the bins.</summary>
    public override string ToString() => $"LinearSpline({_bins})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => Lines(x, Parameters(context, x.dim())[0]);

    [Primitive(nameof(LinesInverse), nameof(LinesLogSlope))]
    private Tensor Lines(Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        var spline = new Pieces(raw, this);
        var (inside, index) = spline.BinOfX(x);
        var y = spline.At(spline.Y, index) + ((inside - spline.At(spline.X, index)) * spline.Slope(index));
        return spline.Outside(x, x, y).MoveToOuterDisposeScope();
    }

    private Tensor LinesInverse(Tensor y, Tensor raw)
    {
        using var scope = NewDisposeScope();
        var spline = new Pieces(raw, this);
        var (inside, index) = spline.BinOfY(y);
        var x = spline.At(spline.X, index) + ((inside - spline.At(spline.Y, index)) / spline.Slope(index));
        return spline.Outside(y, y, x).MoveToOuterDisposeScope();
    }

    private Tensor LinesLogSlope(Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        var spline = new Pieces(raw, this);
        var slope = spline.Slope(spline.BinOfX(x).Index).log();
        return spline.Outside(x, zeros_like(slope), slope).MoveToOuterDisposeScope();
    }

    private sealed class Pieces(Tensor raw, LinearSpline form)
        : SplinePieces(
            SplineBins.Shares(zeros_like(raw), 0), SplineBins.Shares(raw, form._leastSize), form._bound, form._ends)
    {
        public Tensor Slope(Tensor index) => At(Heights, index) / At(Widths, index);
    }
}
