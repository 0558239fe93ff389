using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Where features stand, and how the output of a network is taken apart.</summary>
public sealed class ParameterGroupTests : NumericalTest
{
    [Fact]
    public void The_feature_axis_is_apart_from_the_event_rank()
    {
        var net = new TokenNet(3, 6, 8, Generator);
        Assert.Equal((2, -1), (net.EventRank, net.FeatureAxis));
        Assert.Equal(Shape.Of(4, 6), net.OutputShape(Shape.Of(4, 3)));
        Assert.Equal(
            "TokenNet: expected last dimension 3, got (4, 5).",
            Assert.Throws<ShapeException>(() => net.OutputShape(Shape.Of(4, 5))).Message);
        var (logScale, shift) = net.ScaleAndShift(zeros(2, 4, 3), null);
        Assert.Equal([2, 4, 3], logScale.shape);
        Assert.Equal([2, 4, 3], shift.shape);
        Assert.Equal(-3, new ConvNet(1, 2, 4, Generator).FeatureAxis);
        Assert.Equal(-1, new ResidualMlp(1, 2, 4, 1, Generator).FeatureAxis);
    }

    [Fact]
    public void Groups_come_one_after_another_with_the_parameters_of_a_feature_side_by_side()
    {
        var net = new Given(() => arange(12, ScalarType.Float64), rank: 1);
        var x = zeros(2, ScalarType.Float64);
        var groups = net.Groups(x, null, 3, 1, 2);
        Assert.Equal([[2, 3], [2], [2, 2]], groups.Select(group => group.shape));
        Assert.Equal([0, 1, 2, 3, 4, 5], groups[0].data<double>());
        Assert.Equal([6, 7], groups[1].data<double>());
        Assert.Equal([8, 9, 10, 11], groups[2].data<double>());
        var table = net.Table(x, null, 6);
        Assert.Equal([2, 6], table.shape);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (double)i), table.data<double>());
        Assert.Equal([12, 1], net.Table(x, null, 1).shape);
        Assert.Equal(
            "Given: expected 3 + 2 output features for each mapped one, along dimension -1, got 12 in all.",
            Assert.Throws<ShapeException>(() => net.Groups(x, null, 3, 2)).Message);
    }

    [Fact]
    public void Along_channels_they_are_taken_apart_pixel_by_pixel()
    {
        var output = Random(2, 10, 4, 5);
        var net = new Given(output.clone, rank: 3);
        var groups = net.Groups(output, null, 1, 3, 1);
        Assert.Equal([[2, 2, 4, 5], [2, 2, 4, 5, 3], [2, 2, 4, 5]], groups.Select(group => group.shape));
        Assert.True(groups[0].Equals(output[.., ..2]));
        Assert.True(groups[2].Equals(output[.., 8..]));
        Assert.True(groups[1][1, 1, 3, 4].Equals(output[1, 5..8, 3, 4]));
        Assert.True(net.Table(output, null, 5)[1, 1, 3, 4].Equals(output[1, 5..10, 3, 4]));
    }

    [Fact]
    public void A_coupling_of_ones_own_takes_groups() =>
        BijectorLaws.Check(() => new SineCoupling(new ResidualMlp(2, 8, 6, 1, new Generator(3))), Shape.Vector(4));

    [Fact]
    public void Couplings_take_networks_on_tokens()
    {
        BijectorLaws.Check(
            () => new AffineCoupling(new TokenNet(3, 6, 8, new Generator(1)), Partition.Halves(-2)), Shape.Of(4, 3));
        BijectorLaws.Check(
            () => new AdditiveCoupling(new TokenNet(2, 1, 8, new Generator(1), contextSize: 2)), Shape.Of(4, 3),
            contextSize: 2);
        BijectorLaws.Check(
            () => new Coupling(new TokenNet(2, 8, 8, new Generator(1)), Transformer.RationalQuadratic(3)),
            Shape.Of(4, 3));
        BijectorLaws.Check(
            () => new Coupling(new ConvNet(1, 8, 4, new Generator(1)), Transformer.RationalQuadratic(3)),
            Shape.Image(2, 3, 2));
    }

    /// <summary>Gives what it was given.</summary>
    private sealed class Given(Func<Tensor> output, int rank) : Conditioner(0)
    {
        public override int EventRank => rank;

        public override Shape OutputShape(Shape input) => Shape.Of(output().shape.AsSpan()[^rank..]);

        public override Tensor Evaluate(Tensor input, Tensor? context) => output();
    }
}
