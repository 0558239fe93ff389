using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>
/// How much rounding may show in the answers of a correct map, from its Jacobian J in float64. Every entry that goes in and every
/// entry that comes out is off by a relative <see cref="Trial.Rounding"/>, so (entrywise, in absolute values)
/// <c>dy = |y| + |J||x| + |J_context||context|</c>, <c>dx = |x| + |J^-1| dy</c> after coming back, and
/// <c>dlogdet = |logdet| + |grad logdet||x| + tr(|J^-1||J|)</c>, besides what the autograd Jacobian itself is off by.
/// </summary>
/// <remarks>For an elementwise map dx is <c>2|x| + |y| exp(-logslope)</c>. Where a map is ill conditioned the bounds are large, where it is
/// not defined they are infinite. What goes into a primitive or comes out of it counts as at least <see cref="PrimitiveMap.Size"/>.</remarks>
internal sealed class Conditioning
{
    private readonly Tensor _error;
    private readonly Tensor _inverse;
    private readonly Tensor _jacobian;
    private readonly Tensor _x;
    private readonly double _rounding;
    private readonly double _float64;

    public Conditioning(Trial trial, Way way, Points points)
    {
        var exact = way.Of(trial.Exact);
        var (x, context) = points.To(ScalarType.Float64);
        (_rounding, _float64) = (trial.Rounding, trial.ExactRounding);
        Exact = exact.Go(x, context).detach();
        _jacobian = Jacobians.Of(p => exact.Go(p, context), x, way.FromShape.Rank, way.OntoShape.Rank);
        LogAbsDet = Jacobians.LogAbsDet(_jacobian);
        _inverse = Inverse(exact, context).abs();

        // What a primitive computes on its way may be as large as its arguments, however small x and y are.
        var size = trial.Bijector is PrimitiveMap primitive ? primitive.Size : 0;
        _x = x.reshape(x.shape[0], -1, 1).abs().clamp(min: size);
        _error = Exact.reshape(x.shape[0], -1, 1).abs().clamp(min: size) + _jacobian.abs().bmm(_x);
        if (context is not null)
        {
            var byContext = Jacobians.Of(c => exact.Go(x, c), context, 1, way.OntoShape.Rank);
            _error += byContext.abs().bmm(context.abs().unsqueeze(-1));
        }

        OfMap = Allowed(_error, Exact.shape);
        OfReturn = Allowed(_x + _inverse.bmm(_error), x.shape);
        OfLogDet = LogDetBound(exact, x, context);
    }

    /// <summary>What the map gives in float64.</summary>
    public Tensor Exact { get; }

    /// <summary><c>log|det J|</c>, <c>(B)</c>.</summary>
    public Tensor LogAbsDet { get; }

    /// <summary>The allowed error of what comes out.</summary>
    public Tensor OfMap { get; }

    /// <summary>The allowed error of the point after going and coming back.</summary>
    public Tensor OfReturn { get; }

    /// <summary>The allowed error of the log-det, <c>(B)</c>.</summary>
    public Tensor OfLogDet { get; }

    /// <summary>The inverse of J; where it has none, what the way back takes it for.</summary>
    private Tensor Inverse(Way exact, Tensor? context)
    {
        var regular = LogAbsDet.isfinite().reshape(-1, 1, 1);
        var inverse = linalg.inv(where(regular, _jacobian, eye(_jacobian.shape[1], dtype: _jacobian.dtype, device: _jacobian.device)));
        return regular.all().item<bool>()
            ? inverse
            : where(regular, inverse, Jacobians.Of(p => exact.Back(p, context), Exact, exact.OntoShape.Rank, exact.FromShape.Rank));
    }

    private Tensor LogDetBound(Way exact, Tensor x, Tensor? context)
    {
        using var grad = enable_grad();
        var leaf = x.detach().clone().requires_grad_();
        var logDet = exact.GoWithLogDet(leaf, context).LogDet;

        // A log-det that is NaN must not excuse itself: its size is taken from J, and its NaN slopes count for nothing.
        var slope = Jacobians.Gradient(logDet.sum(), leaf).reshape(x.shape[0], 1, -1).abs().nan_to_num(0);
        var steepness = slope.bmm(_x).reshape(-1);
        var condition = (_inverse * _jacobian.abs().transpose(1, 2)).sum([1, 2]);
        var own = Allowed(LogAbsDet.abs().nan_to_num(0, 0) + steepness + condition, [x.shape[0]]);

        // Automatic differentiation takes some slopes at y, the one of tanh as 1 - y^2: a rounding of float64 that is its own.
        var atY = slope.bmm(_inverse).bmm(Exact.reshape(x.shape[0], -1, 1).abs());
        return own + Allowed(atY * (_float64 / _rounding), [x.shape[0]]);
    }

    // Zero times infinity is no bound at all.
    private Tensor Allowed(Tensor bound, long[] shape) =>
        (_rounding * bound).nan_to_num(double.PositiveInfinity, double.PositiveInfinity).reshape(shape);
}
