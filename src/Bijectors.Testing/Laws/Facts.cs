namespace Bijectors.Testing;

/// <summary>What a bijector says of itself without running is true.</summary>
internal sealed class Facts : PointLaw
{
    public override string Statement =>
        "IsVolumePreserving: the log-det is 0 everywhere; HasConstantJacobian: it is the same at every point and "
        + "context; HasRandomLogDet: LogDetNoise names generators, and otherwise none; Tolerance is a number from 0; "
        + "without ReadsContext nothing depends on the context";

    public override string UsualCause =>
        "the fact was true before a step was added, or holds for some parameters only.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        var f = lawContext.Bijector;
        if (f.IsVolumePreserving && !f.HasConstantJacobian)
        {
            return new("the facts", "HasConstantJacobian wherever IsVolumePreserving",
                "IsVolumePreserving without HasConstantJacobian");
        }

        if (f.HasRandomLogDet != (f.LogDetNoise.Count > 0))
        {
            var expected = f.HasRandomLogDet ? "a generator or more" : "none";
            return new(
                "LogDetNoise",
                $"{expected}, since HasRandomLogDet is {f.HasRandomLogDet}",
                $"{f.LogDetNoise.Count} generators");
        }

        if (!double.IsFinite(f.Tolerance) || f.Tolerance < 0)
        {
            return new("Tolerance", "a number from 0", Points.Write(f.Tolerance));
        }

        using var grad = no_grad();
        if (!f.ReadsContext && points.Context is { } context && Read(direction, points.X, context) is { } read)
        {
            return read;
        }

        if (!f.HasConstantJacobian)
        {
            return null;
        }

        var at = lawContext.Conditioning(direction, points);
        var logDet = f.HasRandomLogDet ? at.LogAbsDet : direction.ApplyWithLogDet(points.X, points.Context).LogDet;
        var allowed = at.OfLogDet;
        var name = $"{direction.Name}WithLogDet({direction.PointName}).LogDet";
        return f.IsVolumePreserving
            ? Close.Find($"{name} of a map with IsVolumePreserving", zeros_like(logDet), logDet, allowed)
            : Close.Find(
                $"{name} of a map with HasConstantJacobian", logDet[0].expand_as(logDet), logDet, allowed + allowed[0]);
    }

    private static Mismatch? Read(Direction direction, Tensor x, Tensor context)
    {
        var (y, logDet) = direction.ApplyWithLogDet(x, context);
        var (otherY, otherLogDet) = direction.ApplyWithLogDet(x, context + 1);
        var same = Same(y, otherY) && (direction.Bijector.HasRandomLogDet || Same(logDet, otherLogDet));
        return same
            ? null
            : new($"{direction.Name}WithLogDet({direction.PointName}) under two contexts",
                "the same without ReadsContext", "something else");
    }

    private static bool Same(Tensor one, Tensor other) => (one.nan_to_num() == other.nan_to_num()).all().item<bool>();
}
