using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

public sealed class LogDetPitfalls : PitfallTest
{
    /// <summary>
    /// Comparing forward with inverse alone passes when both are wrong: a spline off by the width of its bin both
    /// ways (artifex's).
    /// </summary>
    [Fact]
    public void WrongBothWaysIsFoundByTheLawOfTheLogDet()
    {
        var results = BijectorLaws.Run(() => new ForgetfulSpline(), Shape.Vector(3));
        Assert.True(results.Single(result => result.Law == "RoundTrip").Passed);
        Assert.True(results.Single(result => result.Law == "InverseLogDet").Passed);
        Assert.False(results.Single(result => result.Law == "LogDet").Passed);
    }

    /// <summary>
    /// A 1x1 convolution counts once for every pixel: the factor height width was missing or squared (FrEIA PR#118).
    /// </summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 2)]
    public void A1x1ConvolutionCountsForEveryPixel(long height, long width)
    {
        var f = Moved(new Conv1x1(3, Generator));
        var x = Normal(2, 3, height, width);
        var (y, logDet) = f.ForwardWithLogDet(x);
        AssertClose(LogDetByAutograd(p => f.Forward(p), x, 3), logDet, 1e-12);
        AssertClose(-logDet, f.InverseWithLogDet(y).LogDet, 1e-12);

        // In a chain, and with more dimensions before the image, too.
        var chain = f >> new Squeeze(1) >> Moved(new ActNorm(Shape.Image(3, height, width), -3));
        var more = Normal(2, 4, 3, height, width);
        AssertClose(
            LogDetByAutograd(p => chain.Forward(p), more[1], 3), chain.ForwardWithLogDet(more).LogDet[1], 1e-12);
    }

    /// <summary>The log-det of a sigmoid was right for vectors only (FrEIA PR#176).</summary>
    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 4 })]
    [InlineData(new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 3, 2 })]
    public void ASigmoidOfAnyEventShapeHasItsLogDet(long[] shape)
    {
        foreach (var f in (Bijector[])[new Sigmoid(), new Tanh(), new Softplus(),
            new Sigmoid() >> new Affine(2, 1) >> new Log()])
        {
            var x = Normal([5, .. shape]);
            var (_, logDet) = f.ForwardWithLogDet(x, eventRank: shape.Length);
            Assert.Equal([5], logDet.shape);
            var expected = shape.Length == 0
                ? LogDetByAutograd(p => f.Forward(p), x.unsqueeze(-1), 1)
                : LogDetByAutograd(p => f.Forward(p), x, shape.Length);
            AssertClose(expected, logDet, 1e-12);
        }
    }

    /// <summary>Training makes 1x1 convolutions singular, and their inverses NaN (glow#40).</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(3)]
    public void AnIllConditioned1x1StaysInvertible(double by)
    {
        var f = Moved(new Conv1x1(12, Generator), by);
        using var gradients = no_grad();
        var x = Normal(4, 12, 2, 2);
        var (y, logDet) = f.ForwardWithLogDet(x);
        var (back, inverse) = f.InverseWithLogDet(y);
        AssertClose(-logDet, inverse, 1e-13);

        // Solving by triangles loses what the condition of each costs, and no more.
        var linear = (PluLinear)f.children().Single();
        var factors = linear.state_dict()["factors"];
        var lower = factors.tril(-1) + eye(12, dtype: ScalarType.Float64);
        var upper = factors.triu(1) + diag(factors.diagonal().exp());
        var condition = (linalg.cond(lower) * linalg.cond(upper)).item<double>();
        Assert.True(AllFinite(back));
        Assert.True((back - x).norm().item<double>() <= 1e-15 * condition * x.norm().item<double>());
    }

    /// <summary>
    /// Scales that go to zero or to infinity: the log-det is their sum, where a determinant would be 0 or overflow.
    /// </summary>
    [Fact]
    public void TheLogDetOfExtremeScalesIsTheirSum()
    {
        var f = new PluLinear(6, Generator);
        f.to(ScalarType.Float64);
        using var gradients = no_grad();
        f.state_dict()["factors"].diagonal().copy_(tensor([-300.0, -400, 350, 250, -500, 600]));
        Assert.Equal(0, f.ForwardWithLogDet(Normal(6)).LogDet.item<double>(), 1e-9);
        f.state_dict()["factors"].diagonal().fill_(-200);
        Assert.Equal(-1200, f.ForwardWithLogDet(Normal(6)).LogDet.item<double>());
        Assert.Equal(1200, f.InverseWithLogDet(Normal(6)).LogDet.item<double>());
    }

    /// <summary>
    /// A line in each of four bins of width 1/2, with a log-slope that forgets to divide the height by the width.
    /// </summary>
    private sealed class ForgetfulSpline : Bijector
    {
        private static readonly double[] s_heights = [0.2, 0.9, 0.4, 0.5];

        public override int EventRank => 0;

        public override Domain Domain => Domain.Interval(-1, 1);

        public override Domain Codomain => Domain.Interval(-1, 1);

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) =>
            Run(x, y => y, inverse: false).Value;

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
            Run(y, x => x, inverse: true).Value;

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            Run(x, slope => LogDets.Sum(slope, x, eventRank), inverse: false);

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            Run(y, slope => -LogDets.Sum(slope, y, eventRank), inverse: true);

        private static (Tensor Value, Tensor LogDet) Run(Tensor point, Func<Tensor, Tensor> logDet, bool inverse)
        {
            using var scope = NewDisposeScope();
            var heights = tensor(s_heights, point.dtype);
            var tops = heights.cumsum(0) - 1;
            var lefts = (arange(4).to(point.dtype) / 2) - 1;
            var bin = inverse
                ? (point.unsqueeze(-1) >= tops.narrow(0, 0, 3)).sum(-1)
                : ((point + 1) * 2).floor().clamp(0, 3).to(ScalarType.Int64);
            var (left, height, bottom) = (lefts[bin], heights[bin], (tops - heights)[bin]);
            var value = inverse ? left + ((point - bottom) / (2 * height)) : bottom + ((point - left) * 2 * height);
            return scope.MoveToOuter(value, logDet(height.log()));
        }
    }
}
