namespace Bijectors.Testing;

/// <summary>
/// What is trained is what is evaluated: with and without a graph, in training and in evaluation mode, the
/// map is the same.
/// </summary>
internal sealed class ModesAgree : PointLaw
{
    public override string Statement => "the map and its log-det are the same whether or not gradients are recorded, "
        + "and in evaluation mode as in training mode";

    public override string UsualCause => "a faster way for one of the modes that computes something else, "
        + "or a layer that is another one in evaluation mode, as dropout is.";

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var at = lawContext.Conditioning(direction, points);
        var plain = Answers.Of(direction, points);
        using (enable_grad())
        {
            var leaf = points with { X = points.X.detach().clone().requires_grad_() };
            if ((Compare("where gradients are recorded", points)
                ?? Compare("where gradients of the point are recorded", leaf)) is { } mismatch)
            {
                return mismatch;
            }
        }

        using var evaluation = new Modes(direction.Bijector);
        return Compare("in evaluation mode", points);

        Mismatch? Compare(string mode, Points p) =>
            plain.Find(Answers.Of(direction, p), direction, at.OfMap, at.OfLogDet, call => $"{call} {mode}");
    }
}
