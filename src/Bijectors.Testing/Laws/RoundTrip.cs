namespace Bijectors.Testing;

/// <summary><c>inverse(forward(x)) = x</c> on the domain and <c>forward(inverse(y)) = y</c> on the codomain.</summary>
/// <remarks>What rounding explains follows from the Jacobian, see <see cref="Conditioning"/>. Where that is too much to
/// tell right from wrong at most of the points even in float64, the law has nothing to say, and says so.</remarks>
internal sealed class RoundTrip : PointLaw
{
    private const double FarOut = 10;

    public override string Statement => "Inverse(Forward(x)) = x and Forward(Inverse(y)) = y, up to rounding, "
        + "also close to the ends of the domain, far out, and at whole numbers";

    public override string UsualCause =>
        "the inverse undoes the steps in the wrong order, takes another branch, reads a part before it is restored, "
        + "or is clamped where it need not be.";

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction)
    {
        Points[] all = [lawContext.PointsOf(direction), lawContext.WholeOf(direction), lawContext.EdgesOf(direction)];
        foreach (var points in all)
        {
            // Known from the start, the conditioning of all is found at once.
            Beside(lawContext, direction, points);
        }

        return all;
    }

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var (x, context) = points;
        var y = direction.Apply(x, context);
        var back = direction.Undo(y, context);
        var bound = Bound(lawContext, direction, points);
        if (points.AtEdges)
        {
            // What is too large for the dtype is left to FiniteAtEdges, what lies outside to Codomain: where a result
            // saturates at an end of the other side it has no inverse, nor have the entries beside it.
            bound += OfTorch(x) + where(direction.LiesOutside(y, x), double.PositiveInfinity, 0);
        }

        return Close.Find($"{direction.UndoName}({direction.Name}({direction.PointName}))", x, back, Asked(x, bound));
    }

    /// <summary>A check at whose points rounding explains everything is none.</summary>
    protected override Mismatch? Beside(LawContext lawContext)
    {
        if (lawContext.DType != ScalarType.Float64)
        {
            return null;
        }

        using var grad = no_grad();
        foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
        {
            var points = lawContext.PointsOf(direction);
            var telling = (lawContext.Conditioning(direction, points).OfReturn < 0.01 * (1 + points.X.abs()))
                .to(ScalarType.Float64).mean().item<double>();
            if (telling < 0.25)
            {
                return new(
                    $"the conditioning of {direction.Name} at the points of the test",
                    "an autograd Jacobian that is finite and regular enough to tell right from wrong",
                    $"one at {telling:P0} of the entries only");
            }
        }

        return null;
    }

    /// <summary>
    /// What torch's own functions leave out in points that lie far out, see <see cref="LogDet.TorchIsOffBy"/>.
    /// </summary>
    private static Tensor OfTorch(Tensor x) =>
        where(Direction.PerPoint(x.abs() >= FarOut, x), LogDet.TorchIsOffBy * (1 + x.abs()), 0);

    /// <summary>
    /// Where rounding may show in the first digits, as where tanh saturates, there is nothing to ask.
    /// </summary>
    private static Tensor Asked(Tensor x, Tensor bound) =>
        where(bound > 0.1 * (1 + x.abs()), double.PositiveInfinity, bound);

    /// <summary>
    /// What rounding explains. At 0 numbers of any size may have cancelled on the way, and where branches meet,
    /// automatic differentiation may tell a slope that is none, as that of <c>sign(x) log(1 + |x|)</c> there. So at
    /// whole numbers what explains more counts, that at the point or that halfway to the next.
    /// </summary>
    private static Tensor Bound(LawContext lawContext, Direction direction, Points points)
    {
        var beside = Beside(lawContext, direction, points);
        var bound = lawContext.Conditioning(direction, points).OfReturn;
        return beside is null ? bound : maximum(bound, lawContext.Conditioning(direction, beside).OfReturn);
    }

    /// <summary>The points with their whole numbers moved halfway to the next; null where there are none.</summary>
    private static Points? Beside(LawContext lawContext, Direction direction, Points points) =>
        (points.X == points.X.round()).any().item<bool>() ? lawContext.BesideOf(direction, points) : null;
}
