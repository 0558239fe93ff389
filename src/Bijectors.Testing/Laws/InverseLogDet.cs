namespace Bijectors.Testing;

/// <summary>The log-dets of a map and of its inverse cancel.</summary>
/// <remarks>It follows from <see cref="RoundTrip"/> and <see cref="LogDet"/>, and says more directly what is
/// wrong.</remarks>
internal sealed class InverseLogDet : PointLaw
{
    public override string Statement =>
        "the log-det of Inverse at Forward(x) is minus the log-det of Forward at x, and the other way round";

    public override string UsualCause => "a sign in one direction, or a slope taken at the point on the other side.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var (y, there) = direction.ApplyWithLogDet(points.X, points.Context);
        var (_, back) = direction.UndoWithLogDet(y, points.Context);
        var name = $"{direction.UndoName}WithLogDet({direction.Name}({direction.PointName})).LogDet";
        var allowed =
            lawContext.Conditioning(direction, points).OfLogDet
                + lawContext.Conditioning(direction.Other, points with { X = y }).OfLogDet;
        if (!direction.Bijector.HasRandomLogDet)
        {
            return Close.Find(name, -there, back, allowed);
        }

        // In the inverse, layers draw in the other order.
        var (mean, error) = Estimated.Few(direction, points);
        return Estimated.Agree(name, (-mean, error), Estimated.Few(direction.Other, points with { X = y }), allowed);
    }
}
