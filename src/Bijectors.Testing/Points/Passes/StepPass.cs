namespace Bijectors.Testing;

/// <summary>
/// A pass of a bijector whose inside is not known. Every entry that goes in and every entry that comes out is off by a
/// relative r, <see cref="LawCase.Roundings"/> for each module, and an error e that is there already is carried on by
/// the Jacobian J. Entrywise, in absolute values: there <c>|J| e + r (|y| + |J||x| + |J_context||context|)</c>, back
/// <c>|J^-1| (e + r |y|) + r |x|</c>, of the log-det
/// <c>|grad logdet| e + r (|logdet| + |grad logdet||x| + tr(|J^-1||J|))</c>. Whatever is rounded may underflow. An
/// inverse that is iterated is that of a point off as the <see cref="Bijectors.Bijector.Tolerance"/> says, each of two
/// that are compared.
/// </summary>
/// <remarks>For an elementwise map there and back makes <c>2 r (|x| + |y| exp(-logslope))</c>. Where a map is ill
/// conditioned the bounds are large, where it is not defined they are infinite.</remarks>
internal sealed class StepPass : Pass
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
    private readonly long[] _shape;
    private readonly Tensor _offThere;
    private readonly Tensor _offBack;

    public StepPass(LawContext lawContext, Direction direction, Tensor x, Tensor? context)
    {
        _rounding = lawContext.RoundingOf(direction.Bijector, lawContext.DType);
        _underflow = lawContext.DType == ScalarType.Float64 ? Math.Pow(2, -1022) : Math.Pow(2, -126);
        _shape = x.shape;
        Bijector = direction.Bijector;
        var (y, jacobian, byContext) = Jacobians.At(direction.Apply, x, context, direction.OntoShape.Size);
        Y = y;
        var surface = SurfaceJacobian.Of(direction, x, Y, jacobian);
        LogAbsDet = surface.LogAbsDet;
        _inverse = surface.Inverse(() => Jacobians.Of(direction.Undo, Y, context, direction.FromShape.Size)).abs();
        _jacobian = jacobian.abs();

        // What a primitive computes on its way may be as large as its arguments, and a spline's as its knots, however
        // small x and y are.
        var least = direction.Bijector.IntermediateSize;
        (_x, _y) = (Column(x).abs().clamp(min: least), Column(Y).abs().clamp(min: least));
        _moved = _jacobian.bmm(_x);
        if (byContext is not null)
        {
            _moved += byContext.abs().bmm(context!.abs().unsqueeze(-1));
        }

        var moved = full_like(direction.IsInverse ? _y : _x, direction.Bijector.Tolerance);
        _offThere = direction.IsInverse ? 2 * _inverse.bmm(moved) : zeros_like(_x);
        _offBack = direction.IsInverse ? zeros_like(_y) : _jacobian.bmm(moved);
        using var grad = enable_grad();
        var leaf = x.detach().clone().requires_grad_();
        var logDet = direction.ApplyWithLogDet(leaf, context).LogDet;

        // A log-det that is NaN must not excuse itself: its size is taken from J, and its NaN slopes count for nothing.
        _slope = Jacobians.Gradient(logDet.sum(), leaf).reshape(x.shape[0], 1, -1).abs().nan_to_num(0);
        using var done = no_grad();
        var steepness = _slope.bmm(_x).reshape(-1);
        var condition = Condition(_inverse, _jacobian);

        // Automatic differentiation takes some slopes at y, the one of tanh as 1 - y^2: a rounding of float64
        // that is its own.
        var atY =
            _slope.bmm(_inverse).bmm(_y).reshape(-1) * lawContext.RoundingOf(direction.Bijector, ScalarType.Float64);
        var size = LogAbsDet.abs().nan_to_num(0, 0);
        if (direction.Bijector.HasRandomLogDet)
        {
            // What is rounded is the estimate.
            size = maximum(size, logDet.detach().abs().nan_to_num(0, 0));
        }

        _ofLogDet = _rounding * (size + steepness + condition) + atY;
    }

    public override Tensor Y { get; }

    /// <summary>Whose pass it is.</summary>
    public Bijector Bijector { get; }

    /// <summary><c>log|det J|</c>, <c>(B)</c>.</summary>
    public Tensor LogAbsDet { get; }

    /// <summary>
    /// How much the log-determinant of J moves when each of its entries moves by a relative 1: <c>tr(|J^-1||J|)</c>.
    /// </summary>
    public static Tensor Condition(Tensor inverse, Tensor jacobian) =>
        (inverse.abs() * jacobian.abs().transpose(1, 2)).sum([1, 2]);

    public override Tensor There(Tensor error) =>
        (_jacobian.bmm(Column(error) + _offThere) + Rounded(_y + _moved)).reshape(Y.shape);

    public override Tensor Back(Tensor error) =>
        (_inverse.bmm(Column(error) + _offBack + Rounded(_y)) + Rounded(_x)).reshape(_shape);

    public override Tensor OfLogDet(Tensor error) => _slope.bmm(Column(error) + _offThere).reshape(-1) + _ofLogDet;

    private static Tensor Column(Tensor x) => x.reshape(x.shape[0], -1, 1);

    private Tensor Rounded(Tensor x) => _rounding * x + _underflow;
}
