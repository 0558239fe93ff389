using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The spline kernels give what the torch code gives.</summary>
public sealed class FusedSplineTests : NumericalTest
{
    private const double Bound = 3;

    public static TheoryData<bool, long, int> Cases => new()
    {
        { false, 128, 8 }, { true, 128, 8 }, { false, 131, 1 }, { true, 131, 1 }, { false, 1003, 2 }, { true, 1003, 2 },
        { false, 257, 33 }, { true, 257, 33 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_log_slopes_and_gradients_are_those_of_torch(bool inverse, long count, int bins)
    {
        var inputs = Inputs(ScalarType.Float64, count, bins);

        // Where a bin begins is rounded at the size of the bound; bins a thousandth of it, and gradients by their
        // sizes, magnify that.
        AssertAll(Run(Torch(inverse), inputs), Run(Fused(inverse), inputs), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_is_as_close_to_float64_as_torch_is(bool inverse, long count, int bins)
    {
        var inputs = Inputs(ScalarType.Float32, count, bins);
        var exact = Run(Torch(inverse), [.. inputs.Select(t => t.to(ScalarType.Float64).detach().requires_grad_())]);
        var torch = Run(Torch(inverse), inputs);
        var fused = Run(Fused(inverse), inputs);
        for (var i = 0; i < exact.Length; i++)
        {
            // But for a few: in narrow bins, rounding the point alone may move an entry by any amount.
            var (off, allowed) = (Off(exact[i], fused[i]), (8 * Off(exact[i], torch[i])) + 1e-6);
            Assert.True(off <= allowed, $"Result {i} is off by {off:E2}, more than {allowed:E2}.");
        }

        static double Off(Tensor exact, Tensor got) =>
            exact.numel() == 0
                ? 0
                : ((exact - got).abs() / (1 + exact.abs())).quantile(tensor(0.95, ScalarType.Float64)).item<double>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_result_alone_carries_its_gradient(bool inverse)
    {
        var inputs = Inputs(ScalarType.Float64, 200, 6);
        foreach (var one in new Func<(Tensor, Tensor), Tensor>[] { r => r.Item1, r => r.Item2 })
        {
            var expected = Gradients(one(Torch(inverse)(inputs)).square().sum(), inputs);
            var got = Gradients(one(Fused(inverse)(inputs)).square().sum(), inputs);
            foreach (var (a, b) in expected.Zip(got))
            {
                AssertClose(a, b, 1e-9);
            }
        }

        var alone = inverse
            ? RationalQuadratic.Inverse(inputs[0], inputs[1], inputs[2], inputs[3], Bound)
            : RationalQuadratic.Map(inputs[0], inputs[1], inputs[2], inputs[3], Bound);
        Assert.True(Same(alone, Fused(inverse)(inputs).Item1));
        AssertClose(Gradients(Torch(inverse)(inputs).Item1.sin().sum(), inputs)[1],
            Gradients(alone.sin().sum(), inputs)[1], 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Second_derivatives_are_those_of_torch(bool inverse)
    {
        var inputs = Inputs(ScalarType.Float64, 150, 4, borders: false);
        AssertAll(Second(Torch(inverse), inputs), Second(Fused(inverse), inputs), 1e-8);

        static Tensor[] Second(Func<Tensor[], (Tensor, Tensor)> map, Tensor[] inputs)
        {
            // The parameters are functions of the points too: their gradients must not run through both.
            var dependent = inputs[1] * inputs[0].unsqueeze(-1).cos();
            var (value, logSlope) = map([inputs[0], dependent, inputs[2], inputs[3]]);
            var first = autograd.grad(
                [(value.sin() + logSlope.square()).sum()], inputs, retain_graph: true, create_graph: true);
            return Gradients(first.Select(g => g.sin().sum()).Aggregate((a, b) => a + b), inputs);
        }
    }

    [Fact]
    public void What_is_not_a_number_stays_one_and_what_is_outside_stays()
    {
        var inputs = Inputs(ScalarType.Float32, 200, 8);
        Tensor[] special = [tensor([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3.5f, -3.5f]),
            .. inputs.Skip(1).Select(t => t.narrow(0, 0, 5))];
        using (no_grad())
        {
            inputs[0].narrow(0, 0, 5).copy_(special[0]);
            inputs[1][6, 2] = double.NaN;
            inputs[2][7] = double.PositiveInfinity;
        }

        foreach (var inverse in new[] { false, true })
        {
            var (value, logSlope) = Fused(inverse)(inputs);
            var (expected, expectedSlope) = Torch(inverse)(inputs);
            Assert.Equal(expected.isnan().data<bool>().ToArray(), value.isnan().data<bool>().ToArray());
            Assert.Equal(expectedSlope.isnan().data<bool>().ToArray(), logSlope.isnan().data<bool>().ToArray());
            Assert.Equal(
                [float.PositiveInfinity, float.NegativeInfinity, 3.5f, -3.5f], value.data<float>().ToArray()[1..5]);
            Assert.Equal([0, 0, 0, 0], logSlope.data<float>().ToArray()[1..5]);
            var gradients = Gradients((value + logSlope).narrow(0, 1, 4).sum(), inputs);
            Assert.Equal([1, 1, 1, 1], gradients[0].data<float>().ToArray()[1..5]);
            Assert.All(gradients.Skip(1), g => Assert.False(g.narrow(0, 1, 4).any().item<bool>()));
            Assert.True(Gradients(Fused(inverse)(inputs).Item1.sum(), inputs)[0].isnan()[0].item<bool>());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-9)]
    [InlineData(ScalarType.Float32, 2e-4)]
    public void Round_trips_hold_and_gradients_are_finite_for_extreme_parameters(ScalarType dtype, double tolerance)
    {
        foreach (var spread in new[] { 0.0, 4, 30 })
        {
            var inputs = Inputs(dtype, 500, 8, spread);
            var (y, logSlope) = Fused(inverse: false)(inputs);
            var (back, _) = Fused(inverse: true)([y, .. inputs[1..]]);
            var error = (back - inputs[0]).abs() / (1 + (-logSlope).exp());
            Assert.True(error.max().to(ScalarType.Float64).item<double>() < tolerance);
            Assert.All(Gradients(y.sum() + back.sum() + logSlope.sum(), inputs),
                g => Assert.True(g.isfinite().all().item<bool>()));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Beside_steep_knots_no_digits_are_lost_at_either_end_of_a_bin(ScalarType dtype)
    {
        // Up to 1e-16 of the interval away from its ends, and from the knot inside.
        var near = logspace(-16, -0.5, 100, dtype: ScalarType.Float64);
        var points = cat([near * Bound, -near * Bound, (1 - near) * Bound, (near - 1) * Bound]).to(dtype);
        foreach (var (width, height) in from w in new[]
        {
            -1e6, -8, -3, 0, 3, 8, 1e6,
        } from h in new[] { -1e6, -8, -3, 0, 3, 8, 1e6 } select (w, h))
        {
            // Of float32 numbers, too few lie beside knots that are steeper.
            foreach (var slope in new[] { -1e6, -5, 0, 5, 1e3, dtype == ScalarType.Float64 ? 1e6 : 30 })
            {
                Tensor[] inputs = [points, .. new[] { tensor([0, width]), tensor([0, height]), tensor([slope]) }
                    .Select(t => t.to(dtype).expand(points.numel(), -1))];
                foreach (var kind in new[] { Fused, Torch })
                {
                    var (y, logSlope) = kind(false)(inputs);
                    var (back, logSlopeBack) = kind(true)([y, .. inputs[1..]]);
                    var allowed = Bound * finfo(dtype).eps * (1 + (-minimum(logSlope, logSlopeBack)).exp());
                    Assert.InRange(
                        ((back - points).abs() / allowed).max().to(ScalarType.Float64).item<double>(), 0, 16);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Points_on_knots_are_mapped_to_knots(bool inverse)
    {
        // Equal bins of steepness 1: the knots are known, and both maps take each to itself.
        var (knots, zero) =
            (linspace(-Bound, Bound, 9, ScalarType.Float64).repeat(20), zeros(180, 8, ScalarType.Float64));
        var slopes = Random(180, 7);
        var (value, logSlope) = Fused(inverse)([knots, zero, zero, slopes]);
        AssertClose(knots, value, 1e-14);
        var ends = ones(180, 1, ScalarType.Float64);
        var known = cat([ends, 1e-3 + nn.functional.softplus(slopes), ends], 1).log();
        AssertClose(known.gather(1, arange(9).repeat(20).unsqueeze(1)).squeeze(1), logSlope, 1e-12);
    }

    [Fact]
    public void Views_are_read_where_they_lie()
    {
        var table = Random(16, 10, 23).requires_grad_();
        var wide = Random(16, 20).requires_grad_();
        Tensor[] leaves = [wide, table];
        var (widths, heights, slopes) = RationalQuadratic.Parameters(table.reshape(16, 230), 8);
        var every = wide.as_strided([16, 10], [20, 2]);
        var (y, logSlope) = RationalQuadratic.MapWithLogSlope(every, widths, heights, slopes, Bound);
        var copy = RationalQuadratic.Parameters(table.reshape(16, 230) * 1.0, 8, scale: 1);
        var (expected, expectedSlope) =
            TorchSpline.MapWithLogSlope(every, copy.Widths, copy.Heights, copy.Slopes, Bound);
        AssertClose(expected, y, 1e-12);
        AssertAll(Gradients((expected.sin() + expectedSlope.cos()).sum(), leaves),
            Gradients((y.sin() + logSlope.cos()).sum(), leaves), 1e-10);

        // Rows that lie at unequal distances, and numbers of a row that do not lie side by side.
        var turned = widths.transpose(0, 1).contiguous().transpose(0, 1);
        var far = heights.transpose(-1, 0).contiguous().transpose(-1, 0);
        AssertClose(expected, RationalQuadratic.Map(every, turned, far, slopes, Bound), 1e-12);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void The_number_of_threads_does_not_change_a_bit(ScalarType dtype)
    {
        var inputs = Inputs(dtype, 20011, 8);
        ThreadCounts.ChangeNoBit(() => Run(Fused(inverse: false), inputs));
        ThreadCounts.ChangeNoBit(() => Run(Fused(inverse: true), inputs));
    }

    [Fact]
    public void Shapes_that_the_kernels_do_not_take_go_through_torch()
    {
        var (widths, heights, slopes) = (Random(8), Random(8), Random(7));
        var x = Random(300);
        AssertClose(TorchSpline.Map(x, widths, heights, slopes, Bound),
            RationalQuadratic.Map(x, widths, heights, slopes, Bound), 0);
        var (y, logSlope) =
            RationalQuadratic.MapWithLogSlope(zeros(0, 4), zeros(0, 4, 8), zeros(0, 4, 8), zeros(0, 4, 7), Bound);
        Assert.Equal([0, 4], y.shape);
        Assert.Equal([0, 4], logSlope.shape);
    }

    [Fact]
    public void Knots_of_many_bins_lose_no_digits_in_float32()
    {
        // Bins of nearly the same size: nothing but the sum of their shares could move a knot.
        var inputs = Inputs(ScalarType.Float32, 2000, 128, spread: 0.01, borders: false);
        var (exact, _) = Fused(inverse: false)([.. inputs.Select(t => t.to(ScalarType.Float64))]);
        var (value, _) = Fused(inverse: false)(inputs);
        Assert.InRange((exact - value).abs().max().item<double>(), 0, 5e-6);
    }

    [Fact]
    public void What_the_kernels_cannot_read_goes_through_torch()
    {
        Tensor[] inputs = [zeros(200), zeros(200, 8), zeros(200, 8), zeros(200, 7)];
        Assert.NotNull(Map(inputs));
        Assert.NotNull(Map([zeros(2), zeros(2, 128), zeros(2, 128), zeros(2, 127)]));
        Assert.Null(Map([zeros(2), zeros(2, 129), zeros(2, 129), zeros(2, 128)]));
        Assert.Null(Map([zeros(0), zeros(0, 8), zeros(0, 8), zeros(0, 7)]));
        Assert.Null(Map([.. inputs.Select(t => t.to(ScalarType.BFloat16))]));
        Assert.Null(Map([zeros(1).expand(1 << 22), zeros(1, 1).expand(1 << 22, 128), zeros(1, 1).expand(1 << 22, 128),
            zeros(1, 1).expand(1 << 22, 127)]));
        for (var i = 1; i < 4; i++)
        {
            foreach (var other in new[] { inputs[i].to(ScalarType.Float64), inputs[i].to(META),
                inputs[i].to_sparse(), inputs[i][0] })
            {
                Assert.Null(Map([.. inputs[..i], other, .. inputs[(i + 1)..]]));
            }
        }

        static List<Tensor>? Map(Tensor[] t) =>
            FusedSpline.Map(t[0], t[1], t[2], t[3], new(Bound, Inverse: false, WithLogSlope: true));
    }

    [Fact]
    public void One_parameter_that_takes_a_gradient_gets_it()
    {
        var inputs = Inputs(ScalarType.Float64, 200, 4);
        var expected = Gradients(Fused(inverse: false)(inputs).Item1.sin().sum(), inputs);
        for (var i = 1; i < inputs.Length; i++)
        {
            Tensor[] own = [.. inputs.Select((t, j) => i == j ? t : t.detach())];
            AssertClose(expected[i], Gradients(Fused(inverse: false)(own).Item1.sin().sum(), [own[i]])[0], 0);
        }
    }

    [Fact]
    public void No_tensor_survives()
    {
        var inputs = Inputs(ScalarType.Float64, 200, 4);
        foreach (var inverse in new[] { false, true })
        {
            Assert.Equal(0, Survivors(() =>
            {
                using var leaving = no_grad();
                var (value, logSlope) = Fused(inverse)(inputs);
                value.Dispose();
                logSlope.Dispose();
            }));
            Assert.Equal(0, Survivors(() =>
            {
                using var scope = NewDisposeScope();
                var (value, logSlope) = Fused(inverse)(inputs);
                (value + logSlope).sum().backward();
                Backward.Release();
            }));
        }
    }

    private static Func<Tensor[], (Tensor, Tensor)> Fused(bool inverse) => t =>
    {
        var results = FusedSpline.Map(t[0], t[1], t[2], t[3], new(Bound, inverse, WithLogSlope: true));
        Assert.NotNull(results);
        return (results[0], results[1]);
    };

    private static Func<Tensor[], (Tensor, Tensor)> Torch(bool inverse) => t => inverse
        ? TorchSpline.InverseWithLogSlope(t[0], t[1], t[2], t[3], Bound)
        : TorchSpline.MapWithLogSlope(t[0], t[1], t[2], t[3], Bound);

    /// <summary>Value, log-slope and the gradients of a sum of both.</summary>
    private static Tensor[] Run(Func<Tensor[], (Tensor, Tensor)> map, Tensor[] inputs)
    {
        var (value, logSlope) = map(inputs);
        return [value.detach(), logSlope.detach(), .. Gradients((value.sin() + logSlope.square()).sum(), inputs)];
    }

    private static Tensor[] Gradients(Tensor sum, Tensor[] leaves)
    {
        foreach (var leaf in leaves)
        {
            leaf.grad = null;
        }

        sum.backward();
        return [.. leaves.Select(leaf => leaf.grad!.clone())];
    }

    private static bool Same(Tensor a, Tensor b) => (a == b).all().item<bool>();

    private static void AssertAll(Tensor[] expected, Tensor[] got, double tolerance)
    {
        foreach (var (a, b) in expected.Zip(got))
        {
            if (a.numel() > 0)
            {
                AssertClose(a, b, tolerance);
            }
        }
    }

    /// <summary>Points inside, outside, on the borders and on knots, as leaves with their raw parameters.</summary>
    private Tensor[] Inputs(ScalarType dtype, long count, int bins, double spread = 1, bool borders = true)
    {
        Tensor[] raw = [Random(count, bins), Random(count, bins), Random(count, bins - 1)];
        raw = [.. raw.Select(r => (spread * r).to(dtype).detach().requires_grad_())];
        var points = (1.7 * Random(count)).to(dtype);
        if (borders)
        {
            var knots = zeros(3 * bins, dtype: dtype) + tensor([-Bound, Bound, 0], dtype).repeat(bins);
            points.narrow(0, 10, 3 * bins).copy_(knots);
        }

        return [points.requires_grad_(), .. raw];
    }
}
