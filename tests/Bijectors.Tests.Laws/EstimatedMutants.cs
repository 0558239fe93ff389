using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Estimated log-dets and stated tolerances with one mistake each.</summary>
internal static class EstimatedMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("estimates without the weights of a series cut at random", "LogDet",
            "LogDet, the mean of 400 draws", _ => new Estimating
            {
                Weight = _ => 1,
            }),
        new("estimates with the wrong sign", "LogDet",
            "LogDet, the mean of 400 draws", _ => new Estimating
            {
                Sign = k => k % 2 == 1 ? -1 : 1,
            }),
        new("estimates by all terms with one sign", "LogDet",
            "LogDet, the mean of 400 draws", _ => new Estimating
            {
                Sign = _ => 1,
            }),
        new("estimates by half of the terms", "LogDet",
            "LogDet, the mean of 400 draws", _ => new Estimating
            {
                Taken = count => (count + 1) / 2,
            }),
        new("estimates with noise of too small a variance", "LogDet",
            "LogDet, the mean of 400 draws", _ => new Estimating
            {
                Vector = uniform => (2 * uniform) - 1,
            }),
        new("estimates with one sign both ways", "InverseLogDet",
            "InverseWithLogDet(Forward(x)).LogDet", _ => new Estimating
            {
                SignBack = 1,
            }),
        new("estimates what depends on the size of the batch", "Batching",
            "LogDet, the mean of 50 draws", _ => new Estimating
            {
                // Right for the 128 points at which the law LogDet looks, and for the 6 of EventRankSum.
                Besides = shape => shape.Length > 1 && shape[0] % 5 == 0 ? 1 : 0,
            }, Alone: true),
        new("estimates something else where the points are turned", "EventRankSum",
            "with its batch dimensions swapped", _ => new Estimating
            {
                Besides = shape => shape is [3, 2, 3] ? 1 : 0,
            }, Alone: true),
        new("moves the point by the noise of its log-det", "Deterministic",
            "a second Forward(x)", _ => new Estimating
            {
                Shaken = 1e-3,
            }),
        new("draws its noise from what it does not name", "Deterministic",
            "a second ForwardWithLogDet(x).LogDet", _ => new Estimating
            {
                Drawn = new Generator(1),
            }),
        new("estimates and names no noise", "Facts", "LogDetNoise", _ => new Estimating { NamesItsNoise = false }),
        new("misses the tolerance that it states", "RoundTrip",
            "Inverse(Forward(x))", _ => new Sketch
            {
                Undo = (f, y, _) => ((y - f.B) * (-f.A).exp()) + 3e-4,
                States = 1e-4,
            }, Alone: true),
        new("takes its tolerance for one of the forward direction", "FusedEqualsSeparate",
            "ForwardWithLogDet(x), entry", _ => new Sketch
            {
                FusedMap = (f, x, _) => (x * f.A.exp()) + f.B + 1e-3,
                States = 1e-2,
            }, Alone: true),
        new("states a tolerance that is none", "Facts", "Tolerance", _ => new Sketch { States = double.NaN }),
    ];
}
