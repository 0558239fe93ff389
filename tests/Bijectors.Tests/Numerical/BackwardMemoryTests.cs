using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>A backward pass leaves no tensor to the collector, which does not see how large it is.</summary>
public sealed class BackwardMemoryTests : NumericalTest
{
    public static TheoryData<string> Names => [.. Catalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_but_gradients_is_left(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        using var lawContext =
            new LawContext(new LawCase(entry.Make, entry.Shape, entry.ContextSize), ScalarType.Float32);
        foreach (var direction in Direction.Both(lawContext.Bijector, entry.Shape))
        {
            var points = direction.Sample(lawContext, 1, 20);
            points.X.requires_grad_();
            points.Context?.requires_grad_();
            Assert.Equal(0, LeftBy(() =>
            {
                var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
                using var sum = y.sum();
                using var ofLogDet = logDet.sum();
                using var loss = sum + ofLogDet;
                y.Dispose();
                logDet.Dispose();
                BackwardPass.Run(loss);
            }));
        }
    }

    [Fact]
    public void So_it_is_where_a_result_of_a_function_has_no_gradient()
    {
        using var spline = new Coupling(new ResidualMlp(2, 46, 8, 1, Generator), Transformer.RationalQuadratic());
        var x = Random(20, 4).to(ScalarType.Float32).requires_grad_();
        Assert.Equal(0, LeftBy(() =>
        {
            var (y, logDet) = spline.ForwardWithLogDet(x);
            logDet.Dispose();
            using var loss = y.sum();
            y.Dispose();
            BackwardPass.Run(loss);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void So_it_is_with_a_flow_that_is_reversible(bool reversible)
    {
        using var flow = Flow.On(Shape.Vector(4), 0)
            .Repeat(3, layers => layers.ActNorm().Linear().AffineCoupling(8)
                .Coupling(Transformer.RationalQuadratic(), 8))
            .Then(b => ~new MaskedAutoregressive(new Made(4, 8, 1, b.Generator))).Into(Distribution.StandardNormal)
            .Reversible(reversible);
        var x = Random(20, 4).to(ScalarType.Float32);
        Assert.Equal(0, LeftBy(() =>
        {
            using var logProb = flow.LogProb(x);
            using var loss = logProb.mean();
            BackwardPass.Run(loss);
        }));
    }

    /// <summary>How many tensors more there are after ten steps than after five.</summary>
    private static long LeftBy(Action step)
    {
        step();
        return Survivors(() =>
        {
            for (var i = 0; i < 5; i++)
            {
                step();
            }
        });
    }
}
