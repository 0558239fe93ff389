using Bijectors;
using Bijectors.Testing;

/// <summary>All laws on layers that run on vectors.</summary>
internal static class Laws
{
    private static readonly (string Name, Shape Shape, Func<FlowBuilder, FlowBuilder> Steps)[] s_layers =
    [
        ("spline", Shape.Vector(4), flow => flow.Coupling(new RationalQuadraticSpline(), hidden: 8)),
        ("mixture", Shape.Vector(4), flow => flow.Coupling(new LogisticMixture(4), hidden: 8)),
        ("masked", Shape.Vector(5), flow => flow.MaskedAutoregressive(hidden: 16)),
        ("convolution", Shape.Image(2, 3, 3), flow => flow.EmergingConvolution()),
    ];

    public static void Check()
    {
        foreach (var (name, shape, steps) in s_layers)
        {
            BijectorLaws.Check(() => steps(Flow.On(shape)).ToBijector(), shape);
            Console.WriteLine($"{name} keeps the laws.");
        }
    }
}
