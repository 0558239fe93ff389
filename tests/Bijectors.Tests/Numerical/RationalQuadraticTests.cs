using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class RationalQuadraticTests : NumericalTest
{
    private const double Bound = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void The_log_slope_is_that_of_autograd_on_knots_borders_and_tails_too(int bins)
    {
        var (widths, heights, slopes) = Raw(bins, 3);
        var x = cat([Random(200) * 2, tensor([-Bound, Bound, 0, -7, 7, -Bound - 1e-12, 1e-300])]).requires_grad_();
        var y = RationalQuadratic.Map(x, widths, heights, slopes, Bound);
        AssertClose(
            GradientsOf(() => RationalQuadratic.Map(x, widths, heights, slopes, Bound), ones_like(y), x)[0].log(),
            RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound), 1e-9);
        AssertClose(x, RationalQuadratic.Inverse(y, widths, heights, slopes, Bound), 1e-9);
    }

    [Fact]
    public void The_gradient_of_the_inverse_is_the_inverse_of_the_gradient()
    {
        var (widths, heights, slopes) = Raw(6, 2);
        var y = (Random(100) * 2).requires_grad_();
        var x = RationalQuadratic.Inverse(y, widths, heights, slopes, Bound);
        var gradient =
            GradientsOf(() => RationalQuadratic.Inverse(y, widths, heights, slopes, Bound), ones_like(y), y)[0];
        AssertClose(-gradient.log(), RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound), 1e-8);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-9)]
    [InlineData(ScalarType.Float32, 2e-4)]
    public void Round_trips_hold_and_gradients_are_finite_for_extreme_parameters(ScalarType dtype, double tolerance)
    {
        foreach (var spread in new[] { 0.0, 1, 4, 30 })
        {
            var (widths, heights, slopes) = Raw(8, spread, 500);
            Tensor[] raw = [.. new[] { widths, heights, slopes }.Select(t => t.to(dtype).detach().requires_grad_())];
            var x = (Random(500) * 2.5).to(dtype).requires_grad_();
            var y = RationalQuadratic.Map(x, raw[0], raw[1], raw[2], Bound);
            var back = RationalQuadratic.Inverse(y, raw[0], raw[1], raw[2], Bound);
            var logSlope = RationalQuadratic.LogSlope(x, raw[0], raw[1], raw[2], Bound);

            // What y can tell of x: its last digits, magnified where the spline is flat.
            var error = (back - x).abs() / (1 + (-logSlope).exp());
            Assert.True(error.max().to(ScalarType.Float64).item<double>() < tolerance);
            (y.sum() + back.sum() + logSlope.sum()).backward();
            Assert.All([x, .. raw], leaf => Assert.True(leaf.grad!.isfinite().all().item<bool>()));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e20)]
    [InlineData(ScalarType.Float32, 1e12)]
    public void Slopes_beyond_all_measure_lead_neither_out_of_the_interval_nor_to_gradients_that_are_none(
        ScalarType dtype, double spread)
    {
        var (widths, heights, slopes) = Raw(2, spread, 400);
        Tensor[] raw = [.. new[] { widths, heights, slopes }.Select(t => t.to(dtype).detach().requires_grad_())];
        var y = tensor(new[] { -Bound, -1, 0, 1, 2.999, Bound, 30, -30 }).to(dtype).repeat(50).requires_grad_();
        var x = RationalQuadratic.Inverse(y, raw[0], raw[1], raw[2], Bound);
        var logSlope = RationalQuadratic.LogSlope(x, raw[0], raw[1], raw[2], Bound);
        Assert.True((x.abs() <= y.abs().clamp(min: Bound)).all().item<bool>());
        (x.sum() + logSlope.sum()).backward();
        Assert.All([y, .. raw], leaf => Assert.False(leaf.grad!.isnan().any().item<bool>()));
    }

    [Fact]
    public void Equal_bins_of_slope_1_are_the_identity()
    {
        var x = Random(50) * 2;
        var one = full(4, Math.Log(Math.Exp(1 - 1e-3) - 1), dtype: ScalarType.Float64);
        AssertClose(x, RationalQuadratic.Map(x, zeros(5), zeros(5), one, Bound), 1e-14);
        AssertClose(x, RationalQuadratic.Map(x, zeros(1), zeros(1), zeros(0), Bound), 1e-14);
    }

    [Fact]
    public void What_is_not_a_number_stays_one()
    {
        var (widths, heights, slopes) = Raw(4, 1);
        var x = tensor([double.NaN, double.PositiveInfinity, 1.0]);
        Assert.Equal([true, false, false],
            RationalQuadratic.Map(x, widths, heights, slopes, Bound).isnan().data<bool>().ToArray());
        Assert.Equal([true, false, false],
            RationalQuadratic.Inverse(x, widths, heights, slopes, Bound).isnan().data<bool>().ToArray());
        Assert.Equal([true, false, false],
            RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound).isnan().data<bool>().ToArray());
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        var x = zeros(3);
        Assert.Equal(
            "RationalQuadratic: expected K widths, K heights and K - 1 slopes with K below 1000, got 4, 4 and 4.",
            Assert.Throws<ShapeException>(() => RationalQuadratic.Map(x, zeros(4), zeros(4), zeros(4), Bound)).Message);
        Assert.Throws<ShapeException>(() => RationalQuadratic.Map(x, zeros(4), zeros(5), zeros(3), Bound));
        Assert.Throws<ArgumentException>(() => RationalQuadratic.Map(x, zeros(4), zeros(4), zeros(3), 0));
        Assert.Throws<ShapeException>(() => RationalQuadratic.Map(x, zeros(1000), zeros(1000), zeros(999), Bound));
        Assert.Throws<ArgumentOutOfRangeException>(() => RationalQuadratic.Parameters(zeros(5), 0));
        Assert.Equal(
            "RationalQuadratic: expected 17 numbers in the last dimension for each feature, got (5, 33).",
            Assert.Throws<ShapeException>(() => RationalQuadratic.Parameters(zeros(5, 33), 6)).Message);
    }

    [Fact]
    public void Every_way_through_refuses_wrong_sizes()
    {
        var x = zeros(3);
        Assert.All(
            new Action<Tensor, Tensor, Tensor>[]
            {
                (w, h, s) => RationalQuadratic.Inverse(x, w, h, s, Bound),
                (w, h, s) => RationalQuadratic.LogSlope(x, w, h, s, Bound),
                (w, h, s) => RationalQuadratic.MapWithLogSlope(x, w, h, s, Bound),
                (w, h, s) => RationalQuadratic.InverseWithLogSlope(x, w, h, s, Bound),
            },
            call => Assert.Equal(
                "RationalQuadratic: expected K widths, K heights and K - 1 slopes with K below 1000, got 4, 5 and 3.",
                Assert.Throws<ShapeException>(() => call(zeros(4), zeros(5), zeros(3))).Message));
    }

    [Fact]
    public void Widths_and_heights_are_scaled_where_that_is_asked_for_and_slopes_never()
    {
        var raw = Random(2, 3 * 11);
        var (widths, heights, slopes) = RationalQuadratic.Parameters(raw, 4, scale: 0.25);
        var table = raw.reshape(2, 3, 11);
        AssertClose(table.narrow(-1, 0, 4) / 4, widths, 0);
        AssertClose(table.narrow(-1, 4, 4) / 4, heights, 0);
        AssertClose(table.narrow(-1, 8, 3), slopes, 0);
    }

    [Fact]
    public void No_tensor_survives()
    {
        var (widths, heights, slopes) = Raw(4, 1);
        var x = Random(6);
        Assert.Equal(0, Survivors(() =>
        {
            RationalQuadratic.Map(x, widths, heights, slopes, Bound).Dispose();
            RationalQuadratic.Inverse(x, widths, heights, slopes, Bound).Dispose();
            RationalQuadratic.LogSlope(x, widths, heights, slopes, Bound).Dispose();
        }));
    }

    private (Tensor Widths, Tensor Heights, Tensor Slopes) Raw(int bins, double spread, params long[] batch) =>
        (spread * Random([.. batch, bins]), spread * Random([.. batch, bins]), spread * Random([.. batch, bins - 1]));
}
