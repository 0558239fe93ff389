using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Brackets around the zeros of increasing functions, one for each element, that close in on them. While an end is more
/// than four times the other, or on the other side of zero, they are cut at zero or at the geometric mean, which finds
/// the magnitude among all floats in a dozen steps; then by inverse quadratic interpolation where it is safe and in the
/// middle where it is not. Where the function rounds to zero on a whole interval, any of its points will do. The
/// caller's dispose scope takes its tensors.
/// </summary>
/// <remarks>Source: Chandrupatla 1997, A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
/// function without using derivatives, Advances in Engineering Software 28 (3).</remarks>
internal sealed class Bracket
{
    // Bisection alone needs 64 steps, the hybrid hardly ever 40; past this it only bisects.
    private const int Patience = 60;
    private const int Limit = 200;

    private readonly double _epsilon;
    private readonly double _tiny;
    private readonly double _center;

    // Newest end, the end on the other side of the zero, and the end given up last, with their values. An end of the
    // domain that was never evaluated has the value NaN.
    private readonly Tensor _x1;
    private readonly Tensor _x2;
    private readonly Tensor _x3;
    private readonly Tensor _f1;
    private readonly Tensor _f2;
    private readonly Tensor _f3;
    private readonly Tensor _isUpper1;
    private int _steps;

    /// <summary>Brackets that are a whole interval.</summary>
    /// <param name="like">The shape, dtype and device.</param>
    /// <param name="low">The lower end, never evaluated.</param>
    /// <param name="high">The upper end, never evaluated.</param>
    public Bracket(Tensor like, double low, double high)
        : this(
            full_like(like, Math.Max(low, -finfo(like.dtype).max)),
            full_like(like, Math.Min(high, finfo(like.dtype).max)))
    {
        _center = (double.IsFinite(low), double.IsFinite(high)) switch
        {
            (true, true) => low + ((high - low) / 2),
            (true, false) => low + 1,
            (false, true) => high - 1,
            _ => 0,
        };
    }

    /// <summary>Brackets of each element's own.</summary>
    /// <param name="low">The lower ends, never evaluated.</param>
    /// <param name="high">The upper ends, never evaluated, of the same shape.</param>
    public Bracket(Tensor low, Tensor high)
    {
        var info = finfo(low.dtype);
        (_epsilon, _tiny) = (info.eps, info.tiny);
        _x1 = low.clone();
        _x2 = high.clone();
        _x3 = _x2.clone();
        _f1 = full_like(low, double.NaN);
        _f2 = _f1.clone();
        _f3 = _f1.clone();
        _isUpper1 = zeros_like(low, ScalarType.Bool);
    }

    /// <summary>
    /// True when no bracket can be made smaller, or need be since the function vanishes at an end of it.
    /// </summary>
    public bool IsTight
    {
        get
        {
            using var scope = NewDisposeScope();
            var (small, large) = Magnitudes();
            var found = ((_f1 == 0) | (_f2 == 0)) & (large <= 4 * small);
            return _steps >= Limit || !((Width() > Tolerance()) & ~found).any().item<bool>();
        }
    }

    /// <summary>The points to look at next, inside the brackets.</summary>
    public Tensor Next()
    {
        using var scope = NewDisposeScope();
        var (small, large) = Magnitudes();
        var opposite = _x1.sign() * _x2.sign() < 0;
        var wide = large > 4 * small;
        var mean = (_x1 + _x2).sign() * small.clamp(min: _tiny).sqrt() * large.sqrt();
        var inner = _x1 + (Fraction() * (_x2 - _x1));
        return where(opposite, zeros_like(mean), where(wide, mean, inner)).MoveToOuterDisposeScope();
    }

    /// <summary>Moves the ends to the points that were looked at.</summary>
    /// <param name="x">The points.</param>
    /// <param name="value">The function there.</param>
    public void Narrow(Tensor x, Tensor value)
    {
        using var scope = NewDisposeScope();

        // Far out, inf - inf may be NaN: there is no zero to be seen there, so the bracket closes towards the
        // middle of the domain.
        var isUpper = where(value.isnan(), x > _center, value >= 0);
        var same = isUpper == _isUpper1;
        _x3.copy_(where(same, _x1, _x2));
        _f3.copy_(where(same, _f1, _f2));
        _x2.copy_(where(same, _x2, _x1));
        _f2.copy_(where(same, _f2, _f1));
        _x1.copy_(x);
        _f1.copy_(value);
        _isUpper1.copy_(isUpper);
        _steps++;
    }

    /// <summary>
    /// The better end of each bracket. It is a zero if the function is known on both sides of it, or vanishes there to
    /// rounding; otherwise NaN.
    /// </summary>
    /// <param name="y">What the function subtracts, the measure of rounding.</param>
    public Tensor Root(Tensor y)
    {
        using var scope = NewDisposeScope();
        var known = ~(_f1.isnan() | _f2.isnan());
        var first = (_f1.abs() <= _f2.abs()) | _f2.isnan();
        var (root, value) = (where(first, _x1, _x2), where(first, _f1, _f2));
        var vanishes = y.isfinite() & (value.abs() <= 4 * _epsilon * y.abs());
        return where(known | vanishes, root, full_like(root, double.NaN)).MoveToOuterDisposeScope();
    }

    private (Tensor Small, Tensor Large) Magnitudes() => (minimum(_x1.abs(), _x2.abs()), maximum(_x1.abs(), _x2.abs()));

    /// <summary>Half the width, which does not overflow.</summary>
    private Tensor Width() => ((_x2 / 2) - (_x1 / 2)).abs();

    private Tensor Tolerance() => (maximum(_x1.abs(), _x2.abs()) * _epsilon) + _tiny;

    /// <summary>Where to cut, between 0 at the newest end and 1 at the other.</summary>
    private Tensor Fraction()
    {
        if (_steps >= Patience)
        {
            return full_like(_x1, 0.5);
        }

        var xi = (_x1 - _x2) / (_x3 - _x2);
        var phi = (_f1 - _f2) / (_f3 - _f2);
        var safe = (phi.square() < xi) & ((1 - phi).square() < 1 - xi);
        var quadratic = (_f1 / (_f2 - _f1) * (_f3 / (_f2 - _f3)))
            + ((_x3 - _x1) / (_x2 - _x1) * (_f1 / (_f3 - _f1)) * (_f2 / (_f3 - _f2)));
        var margin = (Tolerance() / Width() / 2).clamp(max: 0.5);
        return minimum(maximum(where(safe & quadratic.isfinite(), quadratic, full_like(xi, 0.5)), margin), 1 - margin);
    }
}
