using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

public sealed class SplinePitfalls : PitfallTest
{
    private const double Bound = 3;

    /// <summary>The square root of a discriminant that rounding made negative ends sampling (nflows#87).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void NegativeDiscriminantDoesNotAbortSampling(double spread)
    {
        // In float32, where the report was; the steepest bins that the least width and height allow.
        using var gradients = no_grad();
        Tensor Raw(long count) => (spread * Normal(20_000, count)).to(ScalarType.Float32);
        var (widths, heights, slopes) = (Raw(8), Raw(8), Raw(7));
        var y = (Bound * ((2 * rand([20_000], ScalarType.Float32, generator: Generator)) - 1)).to(ScalarType.Float32);
        var x = RationalQuadratic.Inverse(y, widths, heights, slopes, Bound);
        Assert.True((x.abs() <= Bound).all().item<bool>());

        var flow =
            Flow.On(Shape.Vector(6)).Coupling(Transformer.RationalQuadratic(), 16).Reverse()
                .Coupling(Transformer.RationalQuadratic(), 16).Into(Distribution.StandardNormal);
        Moved(flow, spread / 10).to(ScalarType.Float32);
        var (sample, logProb) = flow.SampleWithLogProb(2000, generator: Generator);
        Assert.True(AllFinite(sample) && AllFinite(logProb));
    }

    /// <summary>A batch with no point inside the interval is an empty selection, which threw (nflows#23).</summary>
    [Fact]
    public void AllInputsInTheTails()
    {
        var f = Moved(new Coupling(new ResidualMlp(2, 2 * 23, 8, 1, Generator), Transformer.RationalQuadratic()));
        var x = tensor(new double[,] { { 5, -9, 3.1, -3.1 }, { 0, 1, 40, -1e6 } });
        var (y, logDet) = f.ForwardWithLogDet(x);
        AssertClose(x, y, 0);
        AssertClose(zeros(2, ScalarType.Float64), logDet, 0);
        AssertClose(x, f.Inverse(x), 0);
        Assert.Equal([0, 4], f.Forward(zeros(0, 4, ScalarType.Float64)).shape);
    }

    /// <summary>A point on a knot, or on the border, fell into no bin or into two (nflows#23).</summary>
    [Fact]
    public void ExactlyOnAKnot()
    {
        // Equal bins: the knots are at -3, -2, ..., 3, the border and the tails beyond it included.
        var (widths, heights, slopes) = (zeros(6, ScalarType.Float64), Normal(6), Normal(5));
        var knots = arange(-4, 5).to(ScalarType.Float64);
        var y = RationalQuadratic.Map(knots, widths, heights, slopes, Bound);
        var sizes = 1e-3 + ((1 - 6e-3) * heights.softmax(-1));
        var expected = cat([tensor([-4.0, -3]), (2 * Bound * sizes.cumsum(-1)) - Bound, tensor([4.0])]);
        AssertClose(expected, y, 1e-14);
        AssertClose(knots, RationalQuadratic.Inverse(y, widths, heights, slopes, Bound), 1e-14);

        var inner = 1e-3 + nn.functional.softplus(slopes);
        var ones = torch.ones(2, ScalarType.Float64);
        AssertClose(
            cat([ones, inner, ones]).log(), RationalQuadratic.LogSlope(knots, widths, heights, slopes, Bound), 1e-14);
    }

    /// <summary>
    /// A where gives NaN gradients when the branch that was not taken has them (flowjax#239, bayesflow#721).
    /// </summary>
    [Fact]
    public void NoNaNGradientThroughTheUnselectedBranch()
    {
        var x = tensor([-1e30, -1e5, -3, 0.5, 3, 1e5, 1e30]).requires_grad_();
        Tensor[] raw = [Normal(7, 8).requires_grad_(), Normal(7, 8).requires_grad_(), Normal(7, 7).requires_grad_()];
        foreach (var f in (Func<Tensor, Tensor>[])
            [
                p => RationalQuadratic.Map(p, raw[0], raw[1], raw[2], Bound),
                p => RationalQuadratic.Inverse(p, raw[0], raw[1], raw[2], Bound),
                p => RationalQuadratic.LogSlope(p, raw[0], raw[1], raw[2], Bound),
            ])
        {
            f(x).sum().backward();
            Assert.All([x, .. raw], leaf => Assert.True(AllFinite(leaf.grad!)));
        }

        // The other functions with a branch: their logarithms are taken of what is clipped first.
        foreach (var f in (Func<Tensor, Tensor>[])[h => (~new Elu()).Forward(h), Elementwise.SeluInverse,
            h => new LeakyRelu(0.1).Forward(h)])
        {
            var y = tensor([-0.9, -1e-12, 0, 2, 1e300]).requires_grad_();
            f(y).sum().backward();
            Assert.True(AllFinite(y.grad!));
        }
    }
}
