using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The kernels of residual networks give what the torch code gives.</summary>
public sealed class FusedResidualTests : NumericalTest
{
    /// <summary>Rows, inputs, hidden, outputs, blocks: whole and partial tiles, panels, blocks and sums.</summary>
    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1, 0 },
        { 6, 3, 16, 2, 1 },
        { 7, 5, 17, 9, 2 },
        { 128, 8, 32, 16, 1 },
        { 131, 33, 50, 70, 2 },
        { 2500, 4, 20, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Values_and_gradients_are_those_of_torch(int rows, int inputs, int hidden, int outputs, int blocks)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-12), (ScalarType.Float32, 2e-5) })
        {
            foreach (var masked in new[] { false, true })
            {
                var tensors = Network(dtype, [rows, inputs], hidden, outputs, blocks);
                var call = masked ? Masked(tensors) : new();
                var weights = Random(rows, outputs).to(dtype);
                var (expected, got) = (TorchResidual.Map(tensors, call.Masks), ResidualFunction.Apply(tensors, call));
                AssertNear(expected, got, tolerance);
                AssertNear(expected, call.Map(tensors, keep: false).Result, tolerance);
                var gradients = GradientsOf(() => TorchResidual.Map(tensors, call.Masks), weights, tensors);
                foreach (var (a, b) in gradients.Zip(
                    GradientsOf(() => ResidualFunction.Apply(tensors, call), weights, tensors)))
                {
                    AssertNear(a, b, tolerance * Math.Sqrt(rows));
                }
            }
        }
    }

    [Fact]
    public void Points_may_lie_anyhow_and_have_several_dimensions()
    {
        var tensors = Network(ScalarType.Float64, [5, 7, 4], 12, 6, 1);
        var weights = Random(5, 7, 6);
        var expected = GradientsOf(() => TorchResidual.Map(tensors, null), weights, tensors);
        foreach (var points in new[]
        {
            tensors[0].detach().transpose(0, 2).contiguous().transpose(0, 2),
            cat([zeros(5, 7, 3, ScalarType.Float64), tensors[0].detach()], -1).narrow(-1, 3, 4),
        })
        {
            Tensor[] own = [points.requires_grad_(), .. tensors[1..]];
            var got = GradientsOf(() => ResidualFunction.Apply(own, new()), weights, own);
            foreach (var (a, b) in expected.Zip(got))
            {
                AssertClose(a, b, 1e-12);
            }
        }
    }

    [Fact]
    public void A_gradient_that_is_a_view_is_read_as_it_lies()
    {
        var tensors = Network(ScalarType.Float64, [40, 4], 12, 6, 1);
        var got =
            GradientsOf(() => ResidualFunction.Apply(tensors, new()).sum(-1), ones(40, ScalarType.Float64), tensors);
        var expected =
            GradientsOf(() => TorchResidual.Map(tensors, null).sum(-1), ones(40, ScalarType.Float64), tensors);
        foreach (var (a, b) in expected.Zip(got))
        {
            AssertClose(a, b, 1e-12);
        }
    }

    [Fact]
    public void Second_derivatives_are_those_of_torch()
    {
        var tensors = Network(ScalarType.Float64, [20, 4], 12, 6, 1);
        foreach (var (a, b) in Second(t => TorchResidual.Map(t, null))
            .Zip(Second(t => ResidualFunction.Apply(t, new()))))
        {
            AssertClose(a, b, 1e-11);
        }

        Tensor[] Second(Func<Tensor[], Tensor> map)
        {
            var first = autograd.grad([map(tensors).sin().sum()], tensors, retain_graph: true, create_graph: true);
            return GradientsOf(
                () => first.Select(g => g.cos().sum()).Aggregate((a, b) => a + b), tensor(1.0), tensors[..^1]);
        }
    }

    [Fact]
    public void Only_what_takes_gradients_gets_them()
    {
        var tensors = Network(ScalarType.Float64, [20, 4], 12, 6, 1);
        var weights = Random(20, 6);
        var expected = GradientsOf(() => TorchResidual.Map(tensors, null), weights, tensors);
        Tensor[] points = [tensors[0], .. tensors[1..].Select(t => t.detach())];
        AssertClose(
            expected[0], GradientsOf(() => ResidualFunction.Apply(points, new()), weights, points[0])[0], 1e-12);
        Assert.All(points[1..], t => Assert.Null(t.grad));
        Tensor[] parameters = [tensors[0].detach(), .. tensors[1..]];
        AssertClose(expected[1],
            GradientsOf(() => ResidualFunction.Apply(parameters, new()), weights, parameters[1..])[0], 1e-12);
        Assert.Null(parameters[0].grad);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var tensors = Network(dtype, [700, 40], 48, 30, 2);
            var weights = Random(700, 30).to(dtype);
            foreach (var call in new[] { new ResidualCall(), Masked(tensors) })
            {
                ThreadCounts.ChangeNoBit(() => [ResidualFunction.Apply(tensors, call),
                    .. GradientsOf(() => ResidualFunction.Apply(tensors, call), weights, tensors)]);
            }
        }
    }

    [Fact]
    public void NaN_does_not_hide()
    {
        var tensors = Network(ScalarType.Float32, [20, 4], 12, 6, 1);
        using (no_grad())
        {
            tensors[0][3, 2] = float.NaN;
        }

        var result = ResidualFunction.Apply(tensors, new());
        Assert.Equal(6, result.isnan().sum().item<long>());
        result.sum().backward();
        Assert.True(tensors[1].grad!.isnan().any().item<bool>());
    }

    [Fact]
    public void Few_rows_and_other_dtypes_go_through_torch()
    {
        var net = new ResidualMlp(3, 4, 8, 1, Generator);
        var x = Random(20, 3).to(ScalarType.Float32);
        AssertNear(net.Evaluate(x, null).narrow(0, 0, 5), net.Evaluate(x.narrow(0, 0, 5), null), 1e-6);
        Assert.Equal([0, 4], net.Evaluate(zeros(0, 3), null).shape);
        Assert.Equal(ScalarType.BFloat16, net.to(ScalarType.BFloat16).Evaluate(x.to(ScalarType.BFloat16), null).dtype);
    }

    [Fact]
    public void The_kernels_begin_where_they_are_faster()
    {
        // Two weight matrices and their biases, with rows that take no memory.
        Assert.True(FusedResidual.Takes(Of(16, 8, 8)));
        Assert.False(FusedResidual.Takes(Of(15, 8, 8)));
        Assert.False(FusedResidual.Takes(Of(0, 8, 8)));
        Assert.False(FusedResidual.Takes([zeros([]), .. Of(16, 1, 1)[1..]]));
        Assert.True(FusedResidual.Takes([zeros(2, 8, 8), .. Of(16, 8, 8)[1..]]));

        // From 2^20 weights on, masked 2^22, more rows are needed.
        const long Inputs = ((1 << 20) - 19) / 3;
        var more = Of(255, Inputs, 3);
        Assert.True(FusedResidual.Takes(Of(255, Inputs - 1, 3)));
        Assert.False(FusedResidual.Takes(more));
        Assert.True(FusedResidual.Takes(Of(256, Inputs, 3)));
        Assert.True(FusedResidual.Takes(more, [Stairs(1 << 21), Stairs((1 << 21) - 1)]));
        Assert.False(FusedResidual.Takes(more, [Stairs(1 << 21), Stairs(1 << 21)]));

        static Staircase Stairs(int count) => new(null, null, count, [count]);
    }

    [Fact]
    public void What_the_kernels_cannot_read_goes_through_torch()
    {
        var tensors = Of(16, 8, 8);
        Assert.False(FusedResidual.Takes([.. tensors.Select(t => t.to(ScalarType.BFloat16))]));
        for (var i = 0; i < tensors.Length; i++)
        {
            foreach (var other in new[] { tensors[i].to(ScalarType.Float64), tensors[i].to(META),
                tensors[i].to_sparse() })
            {
                Assert.False(FusedResidual.Takes([.. tensors[..i], other, .. tensors[(i + 1)..]]));
            }
        }

        // 2^20 rows of 102 numbers fit 5 times into 2 GiB; of 103 not, wherever they are.
        Assert.True(FusedResidual.Takes(Of(1 << 20, 102, 101)));
        Assert.False(FusedResidual.Takes(Of(1 << 20, 103, 8)));
        Assert.False(FusedResidual.Takes(Of(1 << 20, 8, 102)));
    }

    [Fact]
    public void A_graph_is_recorded_where_one_tensor_takes_a_gradient()
    {
        foreach (var taker in Enumerable.Range(0, 5))
        {
            var net = new ResidualMlp(3, 4, 8, 0, Generator);
            Tensor[] leaves = [Random(20, 3).to(ScalarType.Float32), .. net.parameters()];
            foreach (var (leaf, i) in leaves.Select((leaf, i) => (leaf, i)))
            {
                leaf.requires_grad_(i == taker);
            }

            var result = net.Evaluate(leaves[0], null);
            Assert.True(result.requires_grad);
            result.sum().backward();
            Assert.All(leaves.Select((leaf, i) => (leaf, i)), t => Assert.Equal(t.i == taker, t.leaf.grad is not null));
            using var leaving = no_grad();
            Assert.False(net.Evaluate(leaves[0], null).requires_grad);
        }
    }

    [Fact]
    public void One_parameter_that_takes_a_gradient_gets_it()
    {
        var tensors = Network(ScalarType.Float64, [20, 4], 12, 6, 1);
        var weights = Random(20, 6);
        var expected = GradientsOf(() => ResidualFunction.Apply(tensors, new()), weights, tensors);
        for (var i = 0; i < tensors.Length; i++)
        {
            Tensor[] own = [.. tensors.Select((t, j) => i == j ? t : t.detach())];
            AssertClose(expected[i], GradientsOf(() => ResidualFunction.Apply(own, new()), weights, own[i])[0], 0);
        }
    }

    [Fact]
    public void No_copy_survives()
    {
        // Points and weights that must be copied to lie in rows.
        var tensors = Network(ScalarType.Float32, [20, 4], 12, 6, 1);
        Tensor[] turned = [.. tensors.Select(t => t.dim() == 2 ? t.detach().t().contiguous().t() : t.detach())];
        var expected = new ResidualCall().Map(tensors, keep: false).Result;
        Assert.Equal(0, Survivors(() =>
        {
            using var result = new ResidualCall().Map(turned, keep: false).Result;
            Assert.True(result.allclose(expected, 1e-6, 1e-6));
        }));
    }

    [Fact]
    public void No_tensor_survives()
    {
        var tensors = Network(ScalarType.Float32, [20, 4], 12, 6, 1);
        Assert.Equal(0, Survivors(() =>
        {
            using var leaving = no_grad();
            new ResidualCall().Map(tensors, keep: false).Result.Dispose();
        }));
        Assert.Equal(0, Survivors(() =>
        {
            using var scope = NewDisposeScope();
            ResidualFunction.Apply(tensors, Masked(tensors)).sum().backward();
            Backward.Release();
        }));
    }

    // Points, and weights and biases of two layers, zeros that take no memory.
    private static Tensor[] Of(long rows, long inputs, long outputs) =>
        [zeros(1, 1).expand(rows, inputs), zeros(1, 1).expand(outputs, inputs), zeros(1).expand(outputs),
            zeros(1, 1).expand(outputs + 1, outputs), zeros(1).expand(outputs + 1)];

    private static void AssertNear(Tensor expected, Tensor got, double tolerance) =>
        AssertClose(expected.to(ScalarType.Float64), got.to(ScalarType.Float64), tolerance);

    /// <summary>Points, then weight and bias of every layer, as leaves.</summary>
    private Tensor[] Network(ScalarType dtype, long[] points, int hidden, int outputs, int blocks)
    {
        int[] sizes = [(int)points[^1], .. Enumerable.Repeat(hidden, (2 * blocks) + 1), outputs];
        var layers = sizes.Zip(sizes.Skip(1))
            .SelectMany(size => new[] { Random(size.Second, size.First) / Math.Sqrt(size.First), Random(size.Second) });
        return [.. layers.Prepend(Random(points)).Select(t => t.to(dtype).detach().requires_grad_())];
    }

    /// <summary>Staircases as they come, in any order of the hidden units, and the masks that say the same.</summary>
    private ResidualCall Masked(Tensor[] tensors)
    {
        var last = (tensors.Length / 2) - 1;
        var (hidden, outputs) = ((int)tensors[1].shape[0], (int)tensors[^1].shape[0]);
        var order = Order(hidden);
        var parts = outputs % 2 == 0 ? 2 : 1;
        Staircase[] staircases =
        [
            Stairs(order, null, (int)tensors[0].shape[^1], hidden, always: 2),
            .. Enumerable.Range(0, last - 1).Select(_ => Stairs(order, order, hidden, hidden)),
            .. Enumerable.Range(0, parts).Select(_ => Stairs(null, order, hidden, outputs / parts)),
        ];
        return new(
            [.. staircases[..last].Select(MaskOf), cat([.. staircases[last..].Select(stairs => MaskOf(stairs, last))])],
            staircases);

        Staircase Stairs(int[]? units, int[]? inputs, int inputCount, int unitCount, int always = 0) =>
            new(
                units,
                inputs,
                inputCount,
                [.. Random(unitCount).abs().clamp_max(1).mul(inputCount).to(ScalarType.Int32).data<int>().Order()],
                Math.Min(always, inputCount));

        Tensor MaskOf(Staircase stairs, int layer)
        {
            var mask = zeros(layer < last ? hidden : outputs / parts, stairs.Inputs.Length, tensors[0].dtype);
            for (var place = 0; place < mask.shape[0]; place++)
            {
                var (step, always) = stairs.InputsOf(place);
                foreach (var input in (int[])[.. stairs.Inputs[..step], .. stairs.Inputs[always..]])
                {
                    mask[stairs.Unit(place), input] = 1;
                }
            }

            Assert.Equal(stairs.Count, mask.sum().ToInt64());
            return mask;
        }
    }

    private int[] Order(int count) => [.. randperm(count, generator: Generator).data<long>().Select(i => (int)i)];
}
