using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>Close to the ends of the domain, and far out, the results are still finite.</summary>
internal sealed class FiniteAtEdges : PointLaw
{
    public override string Statement => "close to the ends of the domain, and far out where it has none, results and log-dets are finite";

    public override string UsualCause =>
        "a formula that overflows or cancels where another form does not: log(1 + exp(x)) for softplus(x), log(1 - tanh(x)^2).";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64, ScalarType.Float32];

    protected override Points Choose(Trial trial, Way way) => way.AtEdges(trial);

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        var (y, logDet) = way.GoWithLogDet(points.X, points.Context);
        return Finite($"{way.Name}WithLogDet({way.PointName})", y)
            ?? Finite($"{way.Name}WithLogDet({way.PointName}).LogDet", logDet);
    }

    private static Mismatch? Finite(string what, Tensor result)
    {
        var bad = (~result.isfinite()).flatten();
        if (!bad.any().item<bool>())
        {
            return null;
        }

        var value = result.flatten()[bad.to(ScalarType.Int32).argmax()].to(ScalarType.Float64).item<double>();
        return new(what, "finite numbers", Points.Write(value));
    }
}
