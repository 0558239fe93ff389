namespace Bijectors.Testing;

/// <summary>Entries do not see each other. A law of primitives only.</summary>
/// <remarks>Not by the Jacobian: what a method detaches on the way is in the result all the same.</remarks>
internal sealed class Entrywise : PointLaw
{
    public override string Statement => "entry i of the result depends on entry i of the point only";

    public override string UsualCause =>
        "a reduction over the point (a mean, a maximum, a norm), a softmax, a cumulative sum or a flip.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var (x, y) = (points.X.flatten(1), direction.Apply(points.X, points.Context).flatten(1));
        var others = x.roll(1, 0);
        for (var j = 0L; j < x.shape[1]; j++)
        {
            var moved = x.clone();
            moved.select(1, j).copy_(others.select(1, j));
            var got = direction.Apply(moved.reshape(points.X.shape), points.Context).flatten(1);
            var expected = y.clone();
            expected.select(1, j).copy_(got.select(1, j));
            var what = $"{direction.Name}({direction.PointName}) after a change of {direction.PointName}[{j}] alone";
            if (Close.Find(what, expected, got, y.abs() * lawContext.Rounding) is { } mismatch)
            {
                return mismatch;
            }
        }

        return null;
    }
}
