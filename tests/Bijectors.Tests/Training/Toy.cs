using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

/// <summary>A density in the plane, points of it, and a small flow that can learn it.</summary>
internal static class Toy
{
    /// <summary>The entropy of the density in nats: that of the two Gaussians, since a shear keeps volumes.</summary>
    public static double Entropy { get; } = Math.Log(2 * Math.PI * Math.E) + Math.Log(1.5 * 0.5);

    /// <summary>Two independent Gaussians, of deviation 1.5 and 0.5, sheared along a parabola into a banana.</summary>
    public static Tensor Points(int count, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var normal = randn(count, 2, generator: generator);
        var a = 1.5 * normal.select(1, 0);
        var b = 0.5 * normal.select(1, 1) + 0.3 * a.square() - 0.5;
        return stack([a, b], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Four affine couplings, and behind them perhaps one more layer.</summary>
    public static Flow Flow(int? levels = null, Bijector? extra = null)
    {
        var flow = Bijectors.Flow.On(Shape.Vector(2), seed: 0);
        flow = levels is { } count ? flow.Dequantize(count).Logit() : flow;
        flow = flow.Repeat(4, (layer, i) => layer
            .ActNorm()
            .AffineCoupling(hidden: 16, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()));
        return (extra is null ? flow : flow.Then(extra)).Into(Distribution.StandardNormal);
    }

    /// <summary>The entropy of <see cref="PointsWithContext"/> where the context is known, in nats.</summary>
    public static double ConditionalEntropy { get; } = Math.Log(2 * Math.PI * Math.E) + 2 * Math.Log(0.5);

    /// <summary>Gaussian points of deviation 0.5 around (c, -c), and c, which is normal of deviation 2.</summary>
    public static (Tensor Points, Tensor Context) PointsWithContext(int count, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var context = 2 * randn(count, 1, generator: generator);
        var points = cat([context, -context], 1) + 0.5 * randn(count, 2, generator: generator);
        return scope.MoveToOuter(points, context);
    }

    /// <summary>A flow that reads a context of one number.</summary>
    public static Flow Conditional() => Bijectors.Flow.On(Shape.Vector(2), seed: 0)
        .Conditional(1)
        .Repeat(4, (layer, i) => layer
            .AffineCoupling(hidden: 32, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()))
        .Into(Distribution.StandardNormal);

    /// <summary>All trained numbers of a flow as one vector.</summary>
    public static Tensor Weights(Flow flow) =>
        cat([.. flow.parameters().Select(parameter => parameter.detach().flatten())]);
}
