using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public class StandardizeTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void Items_get_mean_0_and_deviation_1(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var items = (randn([200, 3], dtype, generator: generator) * 5) + tensor([1.0, -100, 30], dtype);
        var flow = Flow.On(Shape.Vector(3)).Standardize(items).Into(Distribution.StandardNormal);
        flow.to(dtype);

        var standard = flow.Transform.Forward(items);

        Assert.Equal(0, standard.mean([0]).abs().max().to_type(ScalarType.Float64).item<double>(), tolerance);
        Assert.Equal(1, standard.square().mean().to_type(ScalarType.Float64).item<double>(), tolerance);
    }

    [Fact]
    public void Constant_features_and_numbers_that_are_none_are_refused_by_place()
    {
        var constant = Assert.Throws<ArgumentException>(
            () => Standardize.FittedTo(tensor(new[,] { { 1f, 2 }, { 3, 2 } })));
        var rounded = Assert.Throws<ArgumentException>(() => Standardize.FittedTo(full([1000, 1], 0.1f)));
        var none = Assert.Throws<ArgumentException>(
            () => Standardize.FittedTo(tensor(new[,] { { 1f, float.NaN }, { 3, 2 } })));
        var single = Assert.Throws<ShapeException>(() => Standardize.FittedTo(zeros(1, 2)));
        var other = Assert.Throws<ShapeException>(() => Flow.On(Shape.Vector(3)).Standardize(rand(5, 2)));

        Assert.Contains("the same number in all items at place 1 of an event", constant.Message);
        Assert.Contains("the same number in all items at place 0 of an event", rounded.Message);
        Assert.Contains("expected finite items", none.Message);
        Assert.Contains("at least two, got (1, 2)", single.Message);
        Assert.Contains("expected (2), got (3)", other.Message);
    }
}
