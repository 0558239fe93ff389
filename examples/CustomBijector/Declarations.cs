using Bijectors;
using static TorchSharp.torch;

/// <summary>
/// Flows on bases that depend on a context, under images as contexts, and with a part that is dropped on the way.
/// </summary>
public static class Declarations
{
    public static Flow ConditionalBase()
    {
        var flow = Flow.On(Shape.Vector(2)).Conditional(3)
            .AffineCoupling(hidden: 32)
            .Into(b => new LocationScale(
                new StandardNormal(b.Shape),
                new ResidualMlp(b.ContextSize, 2 * b.Shape.Size, 32, 1, b.Generator),
                Shape.Vector(b.ContextSize)));
        return flow;
    }

    public static Flow UnderImages()
    {
        var flow = Flow.On(Shape.Vector(2))
            .Conditional(Shape.Image(1, 8, 8), b => new Pooled(b.Generator))
            .AffineCoupling(hidden: 32)
            .Into(Distribution.StandardNormal);
        return flow;
    }

    public static Flow Sliced()
    {
        var flow = Flow.On(Shape.Vector(6))
            .AffineCoupling(hidden: 32)
            .Then(b => new Slice(b.Shape, Partition.First(2), new LocationScale(
                new StandardNormal(Shape.Vector(4)), new ResidualMlp(2, 8, 32, 1, b.Generator), Shape.Vector(2))))
            .AffineCoupling(hidden: 32)
            .Into(Distribution.StandardNormal);
        return flow;
    }
}
