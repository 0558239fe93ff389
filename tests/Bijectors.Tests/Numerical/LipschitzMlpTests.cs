using Bijectors.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class LipschitzMlpTests : NumericalTest
{
    private LipschitzMlp Net(double spread, long context = 0, double constant = 0.9, bool dense = false)
    {
        var net = new LipschitzMlp(4, 9, 2, Generator, context, constant, dense);
        net.to(ScalarType.Float64);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, spread, Generator);
        }

        return net;
    }

    [Theory]
    [InlineData(0.01, 0.9, false)]
    [InlineData(1, 0.9, false)]
    [InlineData(50, 0.9, false)]
    [InlineData(50, 0.98, false)]
    [InlineData(0.01, 0.5, true)]
    [InlineData(1, 0.5, true)]
    [InlineData(50, 0.98, true)]
    public void It_is_a_contraction_for_any_weights(double spread, double constant, bool dense)
    {
        var net = Net(spread, 3, constant, dense);
        var (x, context) = (Random(200, 4), Random(3));
        var norms = linalg.svdvals(Testing.Jacobians.Of(h => net.Evaluate(h, context), x, 1)).max().item<double>();
        Assert.InRange(norms, 0, constant);

        using var gradients = no_grad();
        var other = x + (5 * Random(200, 4));
        var moved = (net.Evaluate(x, context) - net.Evaluate(other, context)).norm(1);
        Assert.True((moved <= constant * (x - other).norm(1)).all().item<bool>());
    }

    [Fact]
    public void Small_weights_are_taken_as_they_are_and_large_ones_reach_the_bound()
    {
        var linear = new LipschitzMlp(3, 3, 1, Generator);
        linear.to(ScalarType.Float64);
        var state = linear.state_dict();
        using var gradients = no_grad();
        foreach (var entry in state.Values)
        {
            entry.zero_();
        }

        state["layers.0.weight"].copy_(0.5 * eye(3));
        state["layers.1.weight"].copy_(0.5 * eye(3));
        var x = Random(5, 3);
        AssertClose(0.5 * nn.functional.silu(0.5 * x) / 1.1, linear.Evaluate(x, null), 1e-15);

        // Far to the right LipSwish has slope 1/1.1.
        state["layers.0.weight"].copy_(7 * eye(3));
        state["layers.1.weight"].copy_(7 * eye(3));
        var (near, far) = (full_like(x, 1000), full_like(x, 1001));
        AssertClose(full_like(x, 0.9 / 1.1), linear.Evaluate(far, null) - linear.Evaluate(near, null), 1e-10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_trained_slope_is_steeper_than_1(bool dense)
    {
        // The steepest places of h sigmoid(b h) are at the same b h: sharp and flat ones reach the same slope.
        var net = new LipschitzMlp(1, 1, 1, Generator, constant: 0.98, isDense: dense);
        net.to(ScalarType.Float64);
        var state = net.state_dict();
        using var gradients = no_grad();
        foreach (var (bend, angle) in new[] { (-2.0, 0.3), (0, 1.4), (3, 2) })
        {
            state["bends"].fill_(bend);
            state["layers.0.weight"].fill_(9);
            state["layers.1.weight"].fill_(9);
            if (dense)
            {
                state["angles"].fill_(angle);
            }

            var x = linspace(-40, 40, 4001, ScalarType.Float64).unsqueeze(-1);
            var slopes = Testing.Jacobians.Of(h => net.Evaluate(h, null), x, 1).abs().max().item<double>();
            Assert.InRange(slopes, dense ? 0.3 : 0.978, 0.98);
        }
    }

    [Fact]
    public void A_dense_layer_keeps_what_it_reads()
    {
        var net = new LipschitzMlp(2, 3, 1, Generator, isDense: true);
        net.to(ScalarType.Float64);
        var state = net.state_dict();
        using var gradients = no_grad();
        state["angles"].fill_(0.4);
        state["bends"].fill_(Math.Log(2));
        state["layers.0.weight"].mul_(0.1);
        state["layers.1.weight"].mul_(0.1);
        var x = Random(5, 2);
        var hidden = nn.functional.linear(x, state["layers.0.weight"], state["layers.0.bias"]);
        var kept = cat([x * Math.Cos(0.4), hidden * (2 * hidden).sigmoid() / 1.1 * Math.Sin(0.4)], -1);
        AssertClose(
            nn.functional.linear(kept, state["layers.1.weight"], state["layers.1.bias"]), net.Evaluate(x, null), 1e-14);
    }

    [Fact]
    public void The_context_is_added_in_the_first_layer()
    {
        var net = new LipschitzMlp(3, 3, 1, Generator, contextSize: 3);
        net.to(ScalarType.Float64);
        var state = net.state_dict();
        using var gradients = no_grad();
        foreach (var entry in state.Values)
        {
            entry.zero_();
        }

        state["condition.weight"].copy_(2 * eye(3));
        state["layers.1.weight"].copy_(0.5 * eye(3));
        var context = Random(5, 3);
        AssertClose(0.5 * nn.functional.silu(2 * context) / 1.1, net.Evaluate(Random(5, 3), context), 1e-15);
    }

    [Fact]
    public void A_residual_block_of_it_goes_back_and_has_gradients_for_all_weights()
    {
        var net = Net(1, 2);
        var (x, context) = (Random(5, 4), Random(5, 2));
        Tensor Contract(Tensor h) => net.Evaluate(h, context);
        var y = x + Contract(x);
        var back = Contraction.Solve(new Reverse(), y, 1, Contract, net.Constant);
        AssertClose(x, back, 1e-12);
        (back.square().sum() + Contraction.LogDet(Contract, x, 1).sum()).backward();
        Assert.All(net.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
        Assert.Contains(net.parameters(), parameter => parameter.grad!.abs().max().item<double>() > 1e-3);
    }

    [Fact]
    public void Gradients_pass_through_the_norms()
    {
        // Beyond the bound, the length of a weight does not matter: its gradient is orthogonal to it.
        var net = Net(50);
        net.Evaluate(Random(5, 4), null).square().sum().backward();
        var weight = net.get_parameter("layers.1.weight")!;
        var gradient = weight.grad!;
        Assert.True(gradient.norm().item<double>() > 0);
        Assert.InRange(
            (weight * gradient).sum().item<double>() / (weight.norm() * gradient.norm()).item<double>(), -1e-10, 1e-10);
    }

    [Fact]
    public void No_tensor_survives_and_wrong_sizes_are_refused()
    {
        var net = Net(1, 2);
        var (x, context) = (Random(5, 4), Random(5, 2));
        Assert.Equal(0, Survivors(() => net.Evaluate(x, context).Dispose()));
        Assert.Throws<ShapeException>(() => net.Evaluate(Random(5, 3), context));
        Assert.Throws<ArgumentException>(() => net.Evaluate(x, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LipschitzMlp(3, 3, 0, Generator));
        var attribute = Assert.IsType<ContractiveAttribute>(
            Attribute.GetCustomAttribute(typeof(LipschitzMlp), typeof(ContractiveAttribute)));
        Assert.Equal(LipschitzMlp.LargestConstant, attribute.Constant);
        Assert.All([0, 0.981, 1, double.NaN], constant => Assert.Throws<ArgumentException>(
            () => new LipschitzMlp(3, 3, 1, Generator, constant: constant)));
    }
}
