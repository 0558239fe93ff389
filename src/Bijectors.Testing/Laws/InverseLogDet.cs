using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>The log-dets of a map and of its inverse cancel.</summary>
/// <remarks>It follows from <see cref="RoundTrip"/> and <see cref="LogDet"/>, and says more directly what is
/// wrong.</remarks>
internal sealed class InverseLogDet : PointLaw
{
    public override string Statement =>
        "the log-det of Inverse at Forward(x) is minus the log-det of Forward at x, and the other way round";

    public override string UsualCause => "a sign in one direction, or a slope taken at the point on the other side.";

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        var (y, there) = way.GoWithLogDet(points.X, points.Context);
        var (_, back) = way.BackWithLogDet(y, points.Context);
        var name = $"{way.BackName}WithLogDet({way.Name}({way.PointName})).LogDet";
        var allowed =
            trial.Conditioning(way, points).OfLogDet + trial.Conditioning(way.Other, points with { X = y }).OfLogDet;
        if (!way.Bijector.HasRandomLogDet)
        {
            return Close.Find(name, -there, back, allowed);
        }

        // On the way back layers draw in the other order.
        var (mean, error) = Estimated.Few(way, points);
        return Estimated.Agree(name, (-mean, error), Estimated.Few(way.Other, points with { X = y }), allowed);
    }
}
