using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>
/// How much rounding may show in the answers of a correct map. Every entry that goes into a step of it (see <see cref="Stage"/>) and every entry that comes out is off by
/// a relative r, 4 roundings for each module, and what the steps before made of theirs is carried on by the Jacobian J of the step in float64. Entrywise, in absolute
/// values: there <c>e' = |J| e + r (|y| + |J||x| + |J_context||context|)</c>, and back, from <c>d = e</c> at the end, <c>d' = |J^-1| (d + r |y|) + r |x|</c>; nothing is smaller than
/// the smallest number of the dtype, what is underflows. The log-det of a
/// step is off by <c>|grad logdet| e + r (|logdet| + |grad logdet||x| + tr(|J^-1||J|))</c>, and the errors of the steps add up, besides what the autograd Jacobian itself is
/// off by.
/// </summary>
/// <remarks>For an elementwise map d' is <c>2 r (|x| + |y| exp(-logslope))</c>. Where a map is ill conditioned the bounds are large, where it is not defined they are infinite. What goes
/// into a primitive or comes out of it counts as at least <see cref="PrimitiveMap.Size"/>.</remarks>
internal sealed class Conditioning : IDisposable
{
    private readonly double _least;

    /// <summary>The conditioning of one way of the bijector of a trial at points; <see cref="Trial.Conditioning"/> keeps those that are asked for again.</summary>
    public Conditioning(Trial trial, Way way, Points points)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var exact = way.Of(trial.Exact);
        var (x, context) = points.To(ScalarType.Float64);

        // What a primitive computes on its way may be as large as its arguments, however small x and y are.
        _least = trial.Bijector is PrimitiveMap primitive ? primitive.Size : 0;
        Exact = exact.Go(x, context).detach();
        var jacobian = Jacobian(exact, x, context);
        LogAbsDet = Jacobians.LogAbsDet(jacobian);
        var passes = Passes(trial, exact, x, context);
        var there = Flat(x) * 0;
        var ofLogDet = zeros_like(LogAbsDet);
        foreach (var pass in passes)
        {
            ofLogDet += pass.OfLogDet(there);
            there = pass.There(there);
        }

        var back = there;
        foreach (var pass in passes.Reverse())
        {
            back = pass.Back(back);
        }

        // Of one step alone it is known what its log-det condition is; the Jacobian of several is a product with an error of its own.
        var oracle = passes.Count == 1
            ? 0
            : Trial.RoundingOf(trial.Bijector, ScalarType.Float64) * (Inverse(exact, jacobian, LogAbsDet, Exact, context).abs() * jacobian.abs().transpose(1, 2)).sum([1, 2]);
        OfMap = Allowed(there, Exact.shape);
        OfReturn = Allowed(back, x.shape);
        OfLogDet = Allowed(ofLogDet + oracle, [x.shape[0]]);
        foreach (var result in Results)
        {
            result.MoveToOuterDisposeScope();
        }
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

    private Tensor[] Results => [Exact, LogAbsDet, OfMap, OfReturn, OfLogDet];

    public void Dispose()
    {
        foreach (var result in Results)
        {
            result.Dispose();
        }
    }

    /// <summary>Takes the results out of the dispose scope in which they were made: who asks for it disposes them.</summary>
    public Conditioning Keep()
    {
        foreach (var result in Results)
        {
            result.DetachFromDisposeScope();
        }

        return this;
    }

    private static Tensor Jacobian(Way way, Tensor x, Tensor? context) => Jacobians.Of(way.Go, x, context, way.FromShape.Size);

    /// <summary>The inverse of J; where it has none, what the way back takes it for.</summary>
    private static Tensor Inverse(Way exact, Tensor jacobian, Tensor logAbsDet, Tensor y, Tensor? context)
    {
        var regular = logAbsDet.isfinite().reshape(-1, 1, 1);
        var inverse = linalg.inv(where(regular, jacobian, eye(jacobian.shape[1], dtype: jacobian.dtype, device: jacobian.device)));
        return regular.all().item<bool>() ? inverse : where(regular, inverse, Jacobians.Of(exact.Back, y, context, exact.FromShape.Size));
    }

    /// <summary>A row for each point, a column of its entries.</summary>
    private static Tensor Flat(Tensor x) => x.reshape(x.shape[0], -1, 1).abs();

    // Zero times infinity is no bound at all.
    private static Tensor Allowed(Tensor bound, long[] shape) => bound.nan_to_num(double.PositiveInfinity, double.PositiveInfinity).reshape(shape);

    private IReadOnlyList<Pass> Passes(Trial trial, Way exact, Tensor x, Tensor? context)
    {
        var passes = new List<Pass>();
        foreach (var step in exact.Steps())
        {
            passes.Add(new(this, trial, step, x, context));
            x = passes[^1].Y;
        }

        return passes;
    }

    /// <summary>A step at the points that reach it.</summary>
    private sealed class Pass
    {
        private readonly Tensor _jacobian;
        private readonly Tensor _inverse;
        private readonly Tensor _slope;
        private readonly Tensor _x;
        private readonly Tensor _y;
        private readonly Tensor _moved;
        private readonly Tensor _ofLogDet;
        private readonly double _rounding;
        private readonly double _underflow;

        public Pass(Conditioning of, Trial trial, Way step, Tensor x, Tensor? context)
        {
            _rounding = Trial.RoundingOf(step.Bijector, trial.DType);
            _underflow = trial.DType == ScalarType.Float64 ? Math.Pow(2, -1022) : Math.Pow(2, -126);
            Y = step.Go(x, context).detach();
            var jacobian = Jacobian(step, x, context);
            var logAbsDet = Jacobians.LogAbsDet(jacobian);
            _inverse = Inverse(step, jacobian, logAbsDet, Y, context).abs();
            _jacobian = jacobian.abs();
            (_x, _y) = (Flat(x).clamp(min: of._least), Flat(Y).clamp(min: of._least));
            _moved = _jacobian.bmm(_x);
            if (context is not null)
            {
                var byContext = Jacobians.Of((c, p) => step.Go(p!, c), context, x, step.OntoShape.Size);
                _moved += byContext.abs().bmm(context.abs().unsqueeze(-1));
            }

            using var grad = enable_grad();
            var leaf = x.detach().clone().requires_grad_();
            var logDet = step.GoWithLogDet(leaf, context).LogDet;

            // A log-det that is NaN must not excuse itself: its size is taken from J, and its NaN slopes count for nothing.
            _slope = Jacobians.Gradient(logDet.sum(), leaf).reshape(x.shape[0], 1, -1).abs().nan_to_num(0);
            using var done = no_grad();
            var steepness = _slope.bmm(_x).reshape(-1);
            var condition = (_inverse * _jacobian.transpose(1, 2)).sum([1, 2]);

            // Automatic differentiation takes some slopes at y, the one of tanh as 1 - y^2: a rounding of float64 that is its own.
            var atY = _slope.bmm(_inverse).bmm(_y).reshape(-1) * Trial.RoundingOf(step.Bijector, ScalarType.Float64);
            _ofLogDet = _rounding * (logAbsDet.abs().nan_to_num(0, 0) + steepness + condition) + atY;
        }

        /// <summary>What comes out.</summary>
        public Tensor Y { get; }

        public Tensor There(Tensor error) => _jacobian.bmm(error) + Rounded(_y + _moved);

        public Tensor Back(Tensor error) => _inverse.bmm(error + Rounded(_y)) + Rounded(_x);

        public Tensor OfLogDet(Tensor error) => _slope.bmm(error).reshape(-1) + _ofLogDet;

        private Tensor Rounded(Tensor x) => _rounding * x + _underflow;
    }
}
