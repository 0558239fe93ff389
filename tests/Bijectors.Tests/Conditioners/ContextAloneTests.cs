using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Couplings of one feature, where nothing is read but the context.</summary>
public sealed class ContextAloneTests : NumericalTest
{
    public static TheoryData<string> Couplings => ["affine", "additive", "spline", "glow"];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void They_keep_the_laws(string kind) =>
        BijectorLaws.Check(() => Coupling(kind, 2, 1), Shape.Vector(1), contextSize: 2);

    [Fact]
    public void Every_number_of_the_map_comes_from_the_context()
    {
        var layer = Coupling("affine", 2, 1);
        layer.to(ScalarType.Float64);
        using (no_grad())
        {
            layer.parameters().ToList().ForEach(parameter => parameter.normal_(0, 0.3, Generator));
        }

        var (x, context) = (Random(40, 1), Random(40, 2));
        var (y, logDet) = layer.ForwardWithLogDet(x, context);
        var (scaled, _) = layer.ForwardWithLogDet(x + 1, context);
        AssertClose(logDet.exp().unsqueeze(-1), scaled - y, 1e-9);
        Assert.False(logDet.allclose(layer.ForwardWithLogDet(x, -context).LogDet));
        AssertClose(x, layer.Inverse(y, context), 1e-9);
        AssertClose(y, layer.Frozen(Shape.Vector(1), ScalarType.Float64).Forward(x, context), 1e-9);
    }

    [Fact]
    public void Declarations_have_them()
    {
        using var flow = Flow.On(Shape.Vector(1), seed: 1).Conditional(3)
            .AffineCoupling(hidden: 8).Coupling(Transformer.RationalQuadratic(), hidden: 8).AdditiveCoupling(hidden: 8)
            .Into(Distribution.StandardNormal);
        var context = randn(5, 3, generator: Generator);
        var (x, logProb) = flow.SampleWithLogProb(5, context, Generator);
        Assert.True(logProb.allclose(flow.LogProb(x, context), 1e-4, 1e-4));
        using var image =
            Flow.On(Shape.Image(1, 4, 4), seed: 1).Conditional(3).AffineCoupling(hidden: 4).Into(
            Distribution.StandardNormal);
        Assert.Equal([5], image.LogProb(randn([5, 1, 4, 4], generator: Generator), context).shape);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Without_a_context_a_sentence_says_what_is_missing(string kind) => Assert.Contains(
        "expected more than 1 entry along dimension -1, to read some and map the others, or a network that reads a "
        + "context instead, got (1)",
        Assert.Throws<ShapeException>(() => Coupling(kind, 0, 1, inputs: 1).Forward(zeros(2, 1))).Message);

    [Fact]
    public void Without_a_context_declarations_say_so_too()
    {
        Assert.Contains(
            "or a network that reads a context instead",
            Assert.Throws<ShapeException>(() => Flow.On(Shape.Vector(1)).AffineCoupling(hidden: 8)).Message);
        Assert.Contains(
            "expected a context of size 2, got none",
            Assert.Throws<ArgumentException>(() => Coupling("affine", 2, 1).Forward(zeros(2, 1))).Message);
        Assert.Contains(
            "expected last dimension 1, got (0)",
            Assert.Throws<ShapeException>(
                () => Coupling("affine", 2, 1, inputs: 1).Forward(zeros(2, 1), zeros(2))).Message);
        Assert.Contains(
            "neither", Assert.Throws<ArgumentException>(() => new ResidualMlp(0, 2, 4, 1, Generator)).Message);
    }

    private static Bijector Coupling(string kind, long contextSize, ulong seed, long inputs = 0)
    {
        ResidualMlp Net(long outputs) => new(inputs, outputs, 8, 1, new Generator(seed), contextSize);
        return kind switch
        {
            "affine" => new AffineCoupling(Net(2)),
            "additive" => new AdditiveCoupling(Net(1)),
            "spline" => new Coupling(Net(8), Transformer.RationalQuadratic(bins: 3)),
            _ => new GlowCoupling(Net(2)),
        };
    }
}
