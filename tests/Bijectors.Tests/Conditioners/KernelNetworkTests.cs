using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Sums of kernels against their definition in plain numbers.</summary>
public sealed class KernelNetworkTests : NumericalTest
{
    [Theory]
    [InlineData(KernelKind.SquaredExponential, 1e-12)]
    [InlineData(KernelKind.Matern32, 1e-9)]
    [InlineData(KernelKind.Matern52, 1e-9)]
    public void It_is_the_sum_of_weighted_kernels_around_its_points(KernelKind kind, double tolerance)
    {
        using var ungraded = no_grad();
        var net = Network(kind, contextSize: 1);
        var state = net.state_dict();
        var (points, lengths) = (Numbers(state["points"]), Numbers(state["logLengths"].exp()));
        var (weights, bias) = (Numbers(state["weights.weight"]), Numbers(state["weights.bias"]));
        var (x, context) = (Random(7, 2), Random(7, 1));
        x[0] = state["points"][3, ..2];
        context[0] = state["points"][3, 2];
        var read = Numbers(cat([x, context], -1));
        var expected = new double[7 * 3];
        for (var item = 0; item < 7; item++)
        {
            for (var output = 0; output < 3; output++)
            {
                expected[(3 * item) + output] = bias[output];
                for (var j = 0; j < 5; j++)
                {
                    var r = Math.Sqrt(Enumerable.Range(0, 3)
                        .Sum(i => Math.Pow((read[(3 * item) + i] - points[(3 * j) + i]) / lengths[i], 2)));
                    expected[(3 * item) + output] += weights[(5 * output) + j] * kind switch
                    {
                        KernelKind.SquaredExponential => Math.Exp(-r * r / 2),
                        KernelKind.Matern32 => (1 + (Math.Sqrt(3) * r)) * Math.Exp(-Math.Sqrt(3) * r),
                        _ => (1 + (Math.Sqrt(5) * r) + (5 * r * r / 3)) * Math.Exp(-Math.Sqrt(5) * r),
                    };
                }
            }
        }

        AssertClose(tensor(expected).reshape(7, 3), net.Evaluate(x, context), tolerance);
        AssertClose(net.Evaluate(x, context), net.Frozen().Evaluate(x, context), 1e-15);

        static double[] Numbers(Tensor tensor) => tensor.contiguous().data<double>().ToArray();
    }

    [Theory]
    [InlineData(KernelKind.SquaredExponential)]
    [InlineData(KernelKind.Matern32)]
    [InlineData(KernelKind.Matern52)]
    public void At_a_point_of_its_own_it_has_two_derivatives(KernelKind kind)
    {
        var net = Network(kind);
        var x = net.state_dict()["points"].detach().clone().requires_grad_();
        var y = net.Evaluate(x, null);
        var slope = autograd.grad([y.sum()], [x], create_graph: true, retain_graph: true)[0];
        var curvature = autograd.grad([slope.square().sum()], [x])[0];
        Assert.True(slope.isfinite().all().item<bool>() && curvature.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_declaration_takes_it()
    {
        using var flow = Flow.On(Shape.Vector(4), seed: 1).Conditional(2)
            .AffineCoupling(hidden: 8, options: new KernelNetworkOptions { Kernel = KernelKind.Matern52 })
            .Coupling(Transformer.RationalQuadratic(), hidden: 8, options: new KernelNetworkOptions())
            .Into(Distribution.StandardNormal);
        Assert.Equal(
            [KernelKind.Matern52, KernelKind.SquaredExponential],
            flow.modules().OfType<KernelNetwork>().Select(net => net.Options.Kernel));
        Assert.Contains(
            "KernelNetwork: expected a number of points of 1 or more, got 0.",
            Assert.ThrowsAny<ArgumentException>(() => new KernelNetwork(2, 1, 0, Generator)).Message);
    }

    private KernelNetwork Network(KernelKind kind, long contextSize = 0)
    {
        var net = new KernelNetwork(2, 3, 5, Generator, contextSize, new() { Kernel = kind, OutputGain = 1 });
        net.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.add_(0.3 * Random(parameter.shape));
        }

        return net;
    }
}
