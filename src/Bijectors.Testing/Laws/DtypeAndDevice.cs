namespace Bijectors.Testing;

/// <summary>Results are of the dtype and on the device of the point.</summary>
internal sealed class DtypeAndDevice : PointLaw
{
    public override string Statement => "results and log-dets have the dtype and the device of the point";

    public override string UsualCause =>
        "a tensor of another dtype in the formula, such as torch.tensor(0.5), which is float64: "
        + "use numbers, or dtype: x.dtype.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32, ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        var (x, context) = points;
        var (y, logDet) = direction.ApplyWithLogDet(x, context);
        return Kept($"{direction.Name}({direction.PointName})", x, direction.Apply(x, context))
            ?? Kept($"{direction.Name}WithLogDet({direction.PointName})", x, y)
            ?? Kept($"{direction.Name}WithLogDet({direction.PointName}).LogDet", x, logDet);
    }

    private static Mismatch? Kept(string what, Tensor point, Tensor result) =>
        result.dtype == point.dtype && result.device.ToString() == point.device.ToString()
            ? null
            : new(what, $"{point.dtype} on {point.device}", $"{result.dtype} on {result.device}");
}
