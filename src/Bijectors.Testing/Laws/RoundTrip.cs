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
        var bound = trial.Conditioning(way, points).OfReturn;

        // Where rounding may show in the first digits, as where tanh saturates, there is nothing to ask.
        var allowed = where(bound > 0.1 * (1 + x.abs()), double.PositiveInfinity, bound);
        var back = way.Back(way.Go(x, context), context);
        return Close.Find($"{way.BackName}({way.Name}({way.PointName}))", x, back, allowed) ?? (trial.DType == ScalarType.Float64 ? Tells(way, x, allowed) : null);
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
