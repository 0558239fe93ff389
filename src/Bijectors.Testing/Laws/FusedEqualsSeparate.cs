namespace Bijectors.Testing;

/// <summary>With and without the log-det, the map is the same.</summary>
internal sealed class FusedEqualsSeparate : PointLaw
{
    public override string Statement => "ForwardWithLogDet(x).Y = Forward(x) and InverseWithLogDet(y).X = Inverse(y)";

    public override string UsualCause =>
        "the two methods were changed apart; let one call the other, or share the steps.";

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var separate = direction.Apply(points.X, points.Context);
        var fused = direction.ApplyWithLogDet(points.X, points.Context).Y;
        return Close.Find(
            $"{direction.Name}WithLogDet({direction.PointName})", separate, fused,
            lawContext.Conditioning(direction, points).OfMap);
    }
}
