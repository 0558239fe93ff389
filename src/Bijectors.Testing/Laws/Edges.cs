using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>Close to the ends of the domain, and far out, the map stays in its range and comes back. A law of primitives only.</summary>
/// <remarks><see cref="FiniteAtEdges"/> alone passes when an end is stated wrong but the formulas stay finite behind it.</remarks>
internal sealed class Edges : PointLaw
{
    public override string Statement =>
        "close to the ends of the domain and of the range, and far out where they have none, the map keeps to the stated intervals, and the way back leads back";

    public override string UsualCause => "an end of the domain or of the range that is stated wrong, or a clamp close to it.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64, ScalarType.Float32];

    protected override Points Choose(Trial trial, Way way) => way.AtEdges(trial);

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        var (x, context) = points;
        var y = way.Go(x, context);
        if (Codomain.Outside(trial, way, y) is { } outside)
        {
            return outside;
        }

        // Where rounding may show in the first digits there is nothing to ask: most maps saturate at some end.
        var bound = trial.Conditioning(way, points).OfReturn;
        var allowed = where(bound > 0.1 * (1 + x.abs()), double.PositiveInfinity, bound);
        return Close.Find($"{way.BackName}({way.Name}({way.PointName}))", x, way.Back(y, context), allowed);
    }
}
