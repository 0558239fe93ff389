using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary><c>inverse(forward(x)) = x</c> on the domain and <c>forward(inverse(y)) = y</c> on the codomain.</summary>
/// <remarks>What rounding explains follows from the Jacobian, see <see cref="Conditioning"/>. Where that is too much to tell right
/// from wrong at most of the points even in float64, the law has nothing to say, and says so.</remarks>
internal sealed class RoundTrip : PointLaw
{
    public override string Statement => "Inverse(Forward(x)) = x and Forward(Inverse(y)) = y, up to rounding";

    public override string UsualCause =>
        "the inverse undoes the steps in the wrong order, takes another branch, or reads a part before it is restored.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64, ScalarType.Float32];

    protected override Points Choose(Trial trial, Way way) => trial.PointsOf(way).And(way.Whole(trial));

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        var (x, context) = points;
        var bound = Bound(trial, way, points);

        // Where rounding may show in the first digits, as where tanh saturates, there is nothing to ask.
        var allowed = where(bound > 0.1 * (1 + x.abs()), double.PositiveInfinity, bound);
        var back = way.Back(way.Go(x, context), context);
        return Close.Find($"{way.BackName}({way.Name}({way.PointName}))", x, back, allowed) ?? (trial.DType == ScalarType.Float64 ? Tells(way, x, allowed) : null);
    }

    /// <summary>
    /// What rounding explains. At 0 numbers of any size may have cancelled on the way, and where branches meet, automatic differentiation may tell a slope that is none, as that of
    /// <c>sign(x) log(1 + |x|)</c> there. So at whole numbers what explains more counts, that at the point or that halfway to the next.
    /// </summary>
    private static Tensor Bound(Trial trial, Way way, Points points)
    {
        var bound = trial.Conditioning(way, points).OfReturn;
        var whole = points.X == points.X.round();
        if (!whole.any().item<bool>())
        {
            return bound;
        }

        var beside = where(whole, points.X + 0.5, points.X);
        return maximum(bound, trial.Conditioning(way, points with { X = where(way.From.Contains(beside), beside, points.X) }).OfReturn);
    }

    private static Mismatch? Tells(Way way, Tensor x, Tensor allowed)
    {
        var telling = (allowed < 0.01 * (1 + x.abs())).to(ScalarType.Float64).mean().item<double>();
        return telling >= 0.25
            ? null
            : new(
                $"the conditioning of {way.Name} at the points of the test",
                "an autograd Jacobian that is finite and regular enough to tell right from wrong",
                $"one at {telling:P0} of the entries only");
    }
}
