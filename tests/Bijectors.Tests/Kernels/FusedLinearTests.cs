using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>Linear layers by the kernel are those of torch, with gradients.</summary>
public sealed class FusedLinearTests : NumericalTest
{
    // Whole tiles and panels, edges of both, few rows of much, and more rows than a block has.
    public static TheoryData<long, long, long> Sizes => new()
    {
        { 128, 64, 64 }, { 67, 33, 37 }, { 700, 5, 131 }, { 64, 260, 3 }, { 3000, 31, 93 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Values_and_gradients_are_those_of_torch(long rows, long inputs, long outputs)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-12), (ScalarType.Float32, 1e-4) })
        {
            var (x, weight) = (Leaf(dtype, 2, rows / 2, inputs), Leaf(dtype, outputs, inputs));
            var bias = Leaf(dtype, outputs);
            var given = Random(2, rows / 2, outputs).to(dtype);
            var expected = GradientsOf(() => nn.functional.linear(x, weight, bias), given, x, weight, bias);
            var got = GradientsOf(() => LinearFunction.Apply(x, weight, bias), given, x, weight, bias);
            foreach (var (e, g) in expected.Zip(got))
            {
                AssertClose(e.to(ScalarType.Float64), g.to(ScalarType.Float64), tolerance);
            }

            using var ungraded = no_grad();
            AssertClose(
                nn.functional.linear(x, weight, bias).to(ScalarType.Float64),
                LinearFunction.Map(x, weight, bias).to(ScalarType.Float64), tolerance);
        }
    }

    [Fact]
    public void Points_may_lie_apart_and_in_another_order()
    {
        var (weight, bias) = (Leaf(ScalarType.Float64, 9, 6), Leaf(ScalarType.Float64, 9));
        foreach (var x in new[] { Random(4, 20, 10)[.., .., 2..8], Random(4, 6, 20).transpose(1, 2) })
        {
            AssertClose(nn.functional.linear(x, weight, bias), LinearFunction.Apply(x, weight, bias), 1e-13);
            var given = Random(4, 9, 20).transpose(1, 2);
            AssertClose(
                GradientsOf(() => nn.functional.linear(x, weight, bias), given, weight)[0],
                GradientsOf(() => LinearFunction.Apply(x, weight, bias), given, weight)[0], 1e-12);
        }
    }

    [Fact]
    public void Gradients_can_be_differentiated_again()
    {
        var (x, weight, bias) =
            (Leaf(ScalarType.Float64, 3, 7, 5), Leaf(ScalarType.Float64, 4, 5), Leaf(ScalarType.Float64, 4));
        var given = Random(3, 7, 4);
        Tensor[] Second(Func<Tensor> layer)
        {
            var first = autograd.grad(
                [layer().sin()], [x, weight, bias], [given], retain_graph: true, create_graph: true);
            return GradientsOf(() => stack([.. first.Select(g => g.square().sum())]).sum(), ones(1), x, weight, bias);
        }

        foreach (var (expected, got) in Second(() => nn.functional.linear(x, weight, bias))
            .Zip(Second(() => LinearFunction.Apply(x, weight, bias))))
        {
            AssertClose(expected, got, 1e-10);
        }
    }

    [Fact]
    public void A_large_layer_is_that_of_torch()
    {
        var dense = new Dense(256, 256, Generator);
        var x = randn([2, 64, 256], generator: Generator);
        AssertClose(
            nn.functional.linear(x, dense.Weight, dense.Bias).to(ScalarType.Float64),
            dense.Apply(x).to(ScalarType.Float64), 1e-4);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        var (x, weight, bias) =
            (Leaf(ScalarType.Float64, 90, 5), Leaf(ScalarType.Float64, 4, 5), Leaf(ScalarType.Float64, 4));
        Assert.Equal(0, Survivors(() =>
        {
            using var scope = NewDisposeScope();
            LinearFunction.Apply(x, weight, bias).sum().backward();
            Backward.Release();
        }));
    }

    private Tensor Leaf(ScalarType dtype, params long[] shape) => Random(shape).to(dtype).requires_grad_();
}
