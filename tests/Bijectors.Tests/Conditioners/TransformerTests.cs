using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

public sealed class TransformerTests : NumericalTest
{
    [Fact]
    public void Every_placement_takes_every_transformer()
    {
        using var flow = Flow.On(Shape.Vector(6), seed: 1)
            .Coupling(Transformer.RationalQuadratic(bins: 8), hidden: 16)           // the parameters from the other half
            .Autoregressive(Transformer.LogisticMixture(components: 4), hidden: 16) // from the features before
            .Elementwise(Transformer.SinhArcsinh())                                 // trained, one set for each feature
            .Reshape(Shape.Of(2, 3))
            .Mix(Axis.Patches, column => column.Coupling(Transformer.Bernstein(degree: 8), hidden: 16))
            .Flatten()
            .Into(Distribution.StandardNormal);
        var (x, logProb) = flow.SampleWithLogProb(20, generator: Generator);
        Assert.True(logProb.allclose(flow.LogProb(x), 1e-3, 1e-3));
        Assert.True(logProb.allclose(flow.Frozen().LogProb(x), 1e-3, 1e-3));
    }

    [Fact]
    public void One_of_ones_own_keeps_the_laws()
    {
        BijectorLaws.Check(() => new HeavyTails(), Shape.Vector(3), contextSize: 2);
        BijectorLaws.Check(
            () => new Coupling(new ResidualMlp(2, 4, 8, 1, new Generator(1)), new HeavyTails()), Shape.Vector(4));
    }

    [Theory]
    [InlineData(-0.7)]
    [InlineData(0)]
    [InlineData(0.7)]
    public void For_raw_zeros_each_is_close_to_the_identity(double at)
    {
        Transformer[] all =
        [
            Transformer.Affine(), Transformer.Additive(), Transformer.RationalQuadratic(), Transformer.LinearSpline(),
            Transformer.QuadraticSpline(), Transformer.CubicSpline(), Transformer.LogisticMixture(),
            Transformer.DeepSigmoid(), Transformer.Bernstein(), Transformer.SumOfSquares(), Transformer.SinhArcsinh(),
        ];
        Assert.All(all, transformer => Assert.InRange(
            transformer.Apply(tensor([at]), zeros(1, transformer.ParameterCount, ScalarType.Float64))
                .item<double>() - at, -0.5, 0.5));
    }

    [Fact]
    public void Raw_parameters_that_do_not_fit_are_refused()
    {
        Assert.Equal(
            "RationalQuadraticSpline(8): expected 23 raw parameters for each number as its context, got none. "
            + "(Parameter 'context')",
            Assert.Throws<ArgumentException>(() => Transformer.RationalQuadratic().Forward(zeros(3))).Message);
        Assert.Equal(
            "RationalQuadraticSpline(8): expected 23 raw parameters in the last dimension of the context, got (3, 7).",
            Assert.Throws<ShapeException>(
                () => Transformer.RationalQuadratic().Forward(zeros(3), zeros(3, 7))).Message);
    }

    [Fact]
    public void Parameters_are_aligned_from_the_left()
    {
        var transformer = Transformer.Affine();
        var parameters = randn(5, 2, generator: Generator);
        var x = randn(5, 5, 3, generator: Generator);
        var y = transformer.Forward(x, parameters);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(y[i].allclose(transformer.Forward(x[i], parameters[i])));
        }
    }

    [Fact]
    public void Circular_splines_join_at_both_ends()
    {
        var spline = Transformer.RationalQuadratic(bins: 5, ends: SplineEnds.Circular);
        var raw = randn(1, spline.ParameterCount, ScalarType.Float64, generator: Generator);
        var ends = tensor([-Math.PI, Math.PI]);
        var (y, slope) = spline.ApplyWithLogSlope(ends, raw);
        Assert.True(y.allclose(ends));
        Assert.Equal(slope[0].item<double>(), slope[1].item<double>(), 12);
    }
}

/// <summary>A power of the distance from zero, with its sign: <c>y = sinh(asinh(x) exp(a)) exp(b)</c>.</summary>
[GeneratedBijector]
public sealed partial class HeavyTails : Transformer
{
    public HeavyTails() => RegisterComponents();

    public override IReadOnlyList<int> Groups => [1, 1];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Scalars(context, x.dim());
        x = torch.sinh(torch.asinh(x) * torch.exp(torch.tanh(parameters[0])));
        return x * torch.exp(torch.tanh(parameters[1]));
    }
}

/// <summary>Stands in docs/transformers.md.</summary>
[GeneratedBijector]
public sealed partial class AutoregressiveByHand : Bijector
{
    private readonly CausalConditioner net;
    private readonly Transformer transformer;

    public AutoregressiveByHand(CausalConditioner net, Transformer transformer)
    {
        (this.net, this.transformer) = (net, transformer);
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => transformer.Apply(x, net.Table(x, context));
}
