namespace Bijectors.Testing;

/// <summary>The map goes from the domain it declares onto the codomain it declares.</summary>
internal sealed class Codomain : PointLaw
{
    // What Nearest keeps off an end, and what came before.
    private const double MostRoundings = 8;

    public override string Statement =>
        "Forward takes points of Domain to points of Codomain, and Inverse takes points of Codomain to points of "
        + "Domain, also close to the ends, and far out";

    public override string UsualCause =>
        "Codomain is not overridden or, as the range of a primitive, stated wider or narrower "
        + "than what the map is onto.";

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [direction.Sample(lawContext, 1, 20), lawContext.EdgesOf(direction)];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var y = direction.Apply(points.X, points.Context);
        var isOutside = ~Inside(direction.Onto, y, lawContext.Rounding);

        // What is too large for the dtype is left to FiniteAtEdges.
        var outside = (points.AtEdges ? isOutside.logical_and(~y.isinf()) : isOutside).flatten();
        if (!outside.any().item<bool>())
        {
            return null;
        }

        var entry = outside.to(ScalarType.Int32).argmax().item<long>();
        var value = y.flatten()[entry].to(ScalarType.Float64).item<double>();
        return new($"{direction.Name}({direction.PointName})", $"entries in {direction.Onto}", Points.Write(value));
    }

    /// <summary>An end itself counts: a point close to it may be rounded to it.</summary>
    private static Tensor Inside(Domain domain, Tensor y, double rounding)
    {
        var step = (y.abs() * rounding).clamp(min: 1e-30);
        if (domain.EventRank > 0)
        {
            // Entries of events are each rounded separately, as to a tie of two that ascend.
            return domain.Contains(y).logical_or((domain.Nearest(y) - y).abs() <= MostRoundings * step);
        }

        return domain.Contains(y).logical_or(domain.Contains(y - step)).logical_or(domain.Contains(y + step));
    }
}
