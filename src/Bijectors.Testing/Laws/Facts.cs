using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>What a bijector says of itself without running is true.</summary>
internal sealed class Facts : PointLaw
{
    public override string Statement =>
        "IsVolumePreserving: the log-det is 0 everywhere; HasConstantJacobian: it is the same at every point and "
        + "context; HasRandomLogDet: LogDetNoise names generators, and otherwise none; Tolerance is a number from 0";

    public override string UsualCause => "the fact was true before a step was added, or holds for some parameters only.";

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        var f = trial.Bijector;
        if (f.IsVolumePreserving && !f.HasConstantJacobian)
        {
            return new("the facts", "HasConstantJacobian wherever IsVolumePreserving", "IsVolumePreserving without HasConstantJacobian");
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

        if (!f.HasConstantJacobian)
        {
            return null;
        }

        using var grad = no_grad();
        var at = trial.Conditioning(way, points);
        var logDet = f.HasRandomLogDet ? at.LogAbsDet : way.GoWithLogDet(points.X, points.Context).LogDet;
        var allowed = at.OfLogDet;
        var name = $"{way.Name}WithLogDet({way.PointName}).LogDet";
        return f.IsVolumePreserving
            ? Close.Find($"{name} of a map with IsVolumePreserving", zeros_like(logDet), logDet, allowed)
            : Close.Find($"{name} of a map with HasConstantJacobian", logDet[0].expand_as(logDet), logDet, allowed + allowed[0]);
    }
}
