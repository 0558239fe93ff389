using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Kolmogorov-Arnold networks against the definition of B-splines in plain numbers.</summary>
public sealed class KanNetTests : NumericalTest
{
    [Theory]
    [InlineData(5, 3, 3.0)]
    [InlineData(1, 1, 0.5)]
    [InlineData(4, 2, 2.0)]
    public void Each_edge_is_a_SiLU_and_a_spline(int intervals, int order, double bound)
    {
        using var gradients = no_grad();
        var options = new KanNetOptions { Intervals = intervals, Order = order, Bound = bound };
        var net = new KanNet(2, 3, hidden: 4, depth: 0, Generator, contextSize: 1, options);
        net.to(ScalarType.Float64);
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 1, Generator);
        }

        var (silu, spline) = (net.state_dict()["layers.0.silu"], net.state_dict()["layers.0.spline"]);
        var (x, context) = (3 * Random(30, 2), Random(30, 1));
        x[0, 0] = bound;
        x[1, 1] = -bound;
        x[2, 0] = 1e6;
        var read = cat([x, context], -1).data<double>().ToArray();
        var expected = zeros(30, 3, ScalarType.Float64);
        for (var item = 0; item < 30; item++)
        {
            for (var output = 0; output < 3; output++)
            {
                var sum = 0.0;
                for (var input = 0; input < 3; input++)
                {
                    var value = read[(3 * item) + input];
                    sum += silu[output, input].item<double>() * value / (1 + Math.Exp(-value));
                    for (var j = 0; j < intervals + order; j++)
                    {
                        sum += spline[output, (input * (intervals + order)) + j].item<double>()
                            * Spline(value, j, order);
                    }
                }

                expected[item, output] = sum;
            }
        }

        AssertClose(expected, net.Evaluate(x, context), 1e-12);

        // By the definition, with knots t_j = -bound + (j - order) h.
        double Spline(double value, int j, int degree)
        {
            double Knot(int i) => -bound + ((i - order) * 2 * bound / intervals);
            return degree == 0 ? (Knot(j) <= value && value < Knot(j + 1) ? 1 : 0)
                : ((value - Knot(j)) / (Knot(j + degree) - Knot(j)) * Spline(value, j, degree - 1))
                    + ((Knot(j + degree + 1) - value) / (Knot(j + degree + 1) - Knot(j + 1))
                        * Spline(value, j + 1, degree - 1));
        }
    }

    [Fact]
    public void Splines_sum_to_one_on_the_grid_and_vanish_far_from_it()
    {
        using var gradients = no_grad();
        var net = new KanNet(1, 1, hidden: 1, depth: 0, Generator);
        net.to(ScalarType.Float64);
        net.state_dict()["layers.0.silu"].zero_();
        net.state_dict()["layers.0.spline"].fill_(1);
        var x = linspace(-2.999, 2.999, 100, ScalarType.Float64).unsqueeze(-1);
        AssertClose(ones_like(x), net.Evaluate(x, null), 1e-12);
        AssertClose(zeros(2, 1, ScalarType.Float64), net.Evaluate(tensor([-50.0, 50.0]).unsqueeze(-1), null), 1e-12);
    }

    [Fact]
    public void Every_parameter_has_a_gradient_and_frozen_copies_none()
    {
        var net = new KanNet(3, 4, hidden: 5, depth: 2, Generator, contextSize: 2);
        var (x, context) = (randn(40, 3, generator: Generator), randn(40, 2, generator: Generator));
        net.Evaluate(x, context).square().sum().backward();
        Assert.All(net.parameters(), parameter => Assert.True(parameter.grad!.abs().max().item<float>() > 0));
        var frozen = net.Frozen();
        Assert.Empty(frozen.parameters());
        Assert.True(net.Evaluate(x, context).allclose(frozen.Evaluate(x, context)));
        using var leaving = no_grad();
        Assert.Equal(0, Survivors(() => net.Evaluate(x, context).Dispose()));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused_in_one_sentence()
    {
        Assert.StartsWith(
            "KanNet: expected a number of inputs of 1 or more, got 0.",
            Message(() => new KanNet(0, 1, 1, 1, Generator)));
        Assert.StartsWith(
            "KanNet: expected a number of intervals of 1 or more, got 0.", Message(() => Net(new() { Intervals = 0 })));
        Assert.StartsWith("KanNet: expected an order of 1 or more, got 0.", Message(() => Net(new() { Order = 0 })));
        Assert.StartsWith(
            "KanNet: expected a finite number greater than zero, got 0.", Message(() => Net(new() { Bound = 0 })));
        Assert.Contains(
            "KanNet: expected last dimension 2, got (3)",
            Assert.Throws<ShapeException>(() => Net(new()).Evaluate(zeros(5, 3), null)).Message);

        string Message(Func<KanNet> make) => Assert.ThrowsAny<ArgumentException>(make).Message;

        KanNet Net(KanNetOptions options) => new(2, 1, 1, 1, Generator, options: options);
    }
}
