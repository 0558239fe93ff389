using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The kernels of affine couplings give what the torch code gives.</summary>
public sealed class FusedAffineTests : NumericalTest
{
    // Enough for the kernels, and rows that no vector fills.
    private const long Rows = 4099;
    private const long Columns = 33;

    [Theory]
    [InlineData(false, ScalarType.Float64, 1e-12)]
    [InlineData(true, ScalarType.Float64, 1e-12)]
    [InlineData(false, ScalarType.Float32, 1e-4)]
    [InlineData(true, ScalarType.Float32, 1e-4)]
    public void Values_and_gradients_are_those_of_torch(bool inverse, ScalarType dtype, double tolerance)
    {
        var inputs = Inputs(dtype);
        var fused = Fused(inverse)(inputs);
        var torch = Torch(inverse)(inputs);
        AssertNear(torch, fused, tolerance);
        AssertAll(Gradients(torch.sin().sum(), inputs), Gradients(fused.sin().sum(), inputs), tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-14)]
    [InlineData(ScalarType.Float32, 1e-6)]
    public void Bounded_log_scales_are_those_of_torch(ScalarType dtype, double tolerance)
    {
        var raw = (4 * Random(Rows, Columns)).to(dtype).detach().requires_grad_();
        using (no_grad())
        {
            raw[0].copy_(linspace(-1e-4, 1e-4, Columns, dtype));
            raw[1].copy_(linspace(-200, 200, Columns, dtype));
        }

        var fused = FusedAffine.Bounded(raw, 1.5)!;
        var torch = 1.5 * (raw / 1.5).tanh();
        AssertNear(torch, fused, tolerance);
        AssertNear(Gradients(torch.sin().sum(), raw)[0], Gradients(fused.sin().sum(), raw)[0], 10 * tolerance);
        AssertNear((torch / raw)[0].narrow(0, 0, 16), (fused / raw)[0].narrow(0, 0, 16), tolerance);
        var second = autograd.grad([fused.sin().sum()], [raw], retain_graph: true, create_graph: true)[0];
        var expected = autograd.grad([torch.sin().sum()], [raw], retain_graph: true, create_graph: true)[0];
        AssertNear(
            Gradients(expected.square().sum(), raw)[0], Gradients(second.square().sum(), raw)[0], 20 * tolerance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Second_derivatives_are_those_of_torch(bool inverse)
    {
        var inputs = Inputs(ScalarType.Float64);
        AssertAll(Second(Torch(inverse), inputs), Second(Fused(inverse), inputs), 1e-10);

        static Tensor[] Second(Func<Tensor[], Tensor> map, Tensor[] inputs)
        {
            var first = autograd.grad([map(inputs).sin().sum()], inputs, retain_graph: true, create_graph: true);
            return Gradients(first.Select(g => g.cos().sum()).Aggregate((a, b) => a + b), inputs);
        }
    }

    [Fact]
    public void Log_scales_of_zero_change_nothing_and_NaN_stays()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var (x, zero) = (Random(Rows, Columns).to(dtype), zeros(Rows, Columns, dtype));
            Assert.True(Same(x, FusedAffine.ScaleShift(x, FusedAffine.Bounded(zero, 2)!, zero, inverse: false)!));
            Assert.True(Same(x, FusedAffine.ScaleShift(x, zero, zero, inverse: true)!));
            zero[1, 2] = double.NaN;
            Assert.Equal(1, FusedAffine.Bounded(zero, 2)!.isnan().sum().item<long>());
            Assert.Equal(
                1, FusedAffine.ScaleShift(x, zero, zeros_like(zero), inverse: false)!.isnan().sum().item<long>());
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var inputs = Inputs(dtype);
            ThreadCounts.ChangeNoBit(() => WithGradients(Fused(inverse: false)(inputs), inputs));
            ThreadCounts.ChangeNoBit(() => WithGradients(Fused(inverse: true)(inputs), inputs));
            ThreadCounts.ChangeNoBit(() => WithGradients(FusedAffine.Bounded(inputs[1], 2)!, inputs[1]));
        }

        static Tensor[] WithGradients(Tensor result, params Tensor[] leaves) =>
            [result, .. Gradients(result.sin().sum(), leaves)];
    }

    [Fact]
    public void Few_elements_and_shapes_that_broadcast_go_through_torch()
    {
        Assert.Null(FusedAffine.Bounded(zeros(8, 64), 2));
        Assert.Null(FusedAffine.ScaleShift(zeros(Rows, 64), zeros(64), zeros(64), inverse: false));
        Assert.Equal([3, 5], Elementwise.ScaleShift(ones(3, 5), zeros(5), ones(5)).shape);
        Assert.Equal([0, 5], Elementwise.ScaleShiftInverse(ones(0, 5), zeros(0, 5), ones(0, 5)).shape);
    }

    [Fact]
    public void The_kernels_begin_where_they_are_faster()
    {
        // 2^16 elements in rows of 16; twice that where a graph is recorded.
        var (x, leaf) = (zeros(4096, 16), zeros(4096, 16).requires_grad_());
        Assert.NotNull(FusedAffine.Bounded(x, 2));
        Assert.NotNull(FusedAffine.ScaleShift(x, x, x, inverse: false));
        Assert.Null(FusedAffine.Bounded(zeros(4095, 16), 2));
        Assert.Null(FusedAffine.Bounded(zeros(8192, 15), 2));
        Assert.Null(FusedAffine.Bounded(leaf, 2));
        foreach (Tensor[] t in (Tensor[][])[[leaf, x, x], [x, leaf, x], [x, x, leaf], [leaf, leaf, x], [leaf, x, leaf]])
        {
            Assert.Null(FusedAffine.ScaleShift(t[0], t[1], t[2], inverse: false));
            using var leaving = no_grad();
            Assert.NotNull(FusedAffine.ScaleShift(t[0], t[1], t[2], inverse: false));
        }

        var more = zeros(8192, 16).requires_grad_();
        Assert.True(FusedAffine.Bounded(more, 2)!.requires_grad);
        Assert.True(FusedAffine.ScaleShift(more, more.detach(), more.detach(), inverse: true)!.requires_grad);
    }

    [Fact]
    public void What_the_kernels_cannot_read_goes_through_torch()
    {
        var x = zeros(4096, 16);
        Assert.Null(FusedAffine.Bounded(x.to(ScalarType.BFloat16), 2));
        Assert.Null(FusedAffine.Bounded(zeros(1, 1).expand(1 << 25, 16), 2));
        foreach (var other in new[] { x.to(ScalarType.Float64), x.to(META), x.to_sparse(),
            zeros(1, 16), zeros(16, 4096) })
        {
            Assert.Null(FusedAffine.ScaleShift(x, other, x, inverse: false));
            Assert.Null(FusedAffine.ScaleShift(x, x, other, inverse: true));
        }
    }

    [Fact]
    public void No_tensor_survives()
    {
        var inputs = Inputs(ScalarType.Float32);
        Assert.Equal(0, Survivors(() =>
        {
            using var leaving = no_grad();
            Fused(inverse: true)(inputs).Dispose();
        }));
        Assert.Equal(0, Survivors(() =>
        {
            using var scope = NewDisposeScope();
            Fused(inverse: true)([inputs[0], FusedAffine.Bounded(inputs[1], 2)!, inputs[2]]).sum().backward();
            Backward.Release();
        }));
    }

    private static Func<Tensor[], Tensor> Fused(bool inverse) => t =>
    {
        var result = FusedAffine.ScaleShift(t[0], t[1], t[2], inverse);
        Assert.NotNull(result);
        return result;
    };

    private static Func<Tensor[], Tensor> Torch(bool inverse) =>
        t => inverse ? (t[0] - t[2]) / t[1].exp() : (t[0] * t[1].exp()) + t[2];

    private static Tensor[] Gradients(Tensor sum, params Tensor[] leaves)
    {
        foreach (var leaf in leaves)
        {
            leaf.grad = null;
        }

        autograd.backward([sum], [ones_like(sum)], retain_graph: true, inputs: leaves);
        return [.. leaves.Select(leaf => leaf.grad!.clone())];
    }

    private static bool Same(Tensor a, Tensor b) => (a == b).all().item<bool>();

    private static void AssertNear(Tensor expected, Tensor got, double tolerance) =>
        AssertClose(expected.to(ScalarType.Float64), got.to(ScalarType.Float64), tolerance);

    private static void AssertAll(Tensor[] expected, Tensor[] got, double tolerance)
    {
        foreach (var (a, b) in expected.Zip(got))
        {
            AssertNear(a, b, tolerance);
        }
    }

    /// <summary>Points, log-scales and shifts as leaves; one lies in memory in another order.</summary>
    private Tensor[] Inputs(ScalarType dtype) =>
    [
        Random(Columns, Rows).to(dtype).t().detach().requires_grad_(),
        Random(Rows, 2 * Columns).to(dtype).narrow(1, 3, Columns).detach().requires_grad_(),
        Random(Rows, Columns).to(dtype).detach().requires_grad_(),
    ];
}
