using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>Which pixels a triangular convolution reads, what it maps them to, and its log-det.</summary>
public sealed class TriangularConvolutionTests : NumericalTest
{
    public static TheoryData<Corner, PixelWindow, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<Corner, PixelWindow, int>();
            foreach (var corner in Enum.GetValues<Corner>())
            {
                kinds.Add(corner, PixelWindow.Quadrant, 2);
                kinds.Add(corner, PixelWindow.Quadrant, 3);
                kinds.Add(corner, PixelWindow.Quadrant, 4);
                kinds.Add(corner, PixelWindow.Raster, 3);
                kinds.Add(corner, PixelWindow.Raster, 5);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_jacobian_is_triangular_in_the_order_with_the_matrix_of_the_channels_on_its_diagonal(
        Corner corner, PixelWindow window, int kernel)
    {
        var f = Moved(new TriangularConvolution(2, Generator, kernel, corner, window));
        const int Height = 4;
        const int Width = 3;
        var x = Random(1, 2, Height, Width);
        var (y, logDet) = f.ForwardWithLogDet(x);

        // (to pixel, to channel, from pixel, from channel), pixels in the order.
        var jacobian = Testing.Jacobians.Of(h => f.Forward(h), x, 3)[0].reshape(2, Height, Width, 2, Height, Width);
        int[] turned =
        [
            .. corner is Corner.BottomLeft or Corner.BottomRight ? [1, 4] : Array.Empty<int>(),
            .. corner is Corner.TopRight or Corner.BottomRight ? [2, 5] : Array.Empty<int>(),
        ];
        jacobian = turned.Aggregate(jacobian, (tensor, axis) => tensor.flip(axis));
        var pixels = jacobian.permute(1, 2, 0, 4, 5, 3).reshape(Height * Width, 2, Height * Width, 2);
        var diagonal = pixels[0, .., 0, ..];
        for (var to = 0; to < Height * Width; to++)
        {
            AssertClose(diagonal, pixels[to, .., to, ..], 1e-13);
            for (var from = 0; from < Height * Width; from++)
            {
                var (down, right) = ((to / Width) - (from / Width), (to % Width) - (from % Width));
                var isRead = window == PixelWindow.Quadrant
                    ? down >= 0 && right >= 0 && down < kernel && right < kernel
                    : (down > 0 || (down == 0 && right >= 0)) && down <= kernel / 2 && Math.Abs(right) <= kernel / 2;
                Assert.Equal(isRead, pixels[to, .., from, ..].abs().max().item<double>() > 0);
            }
        }

        var whole = pixels.reshape(2 * Height * Width, 2 * Height * Width);
        AssertClose(linalg.slogdet(whole).Item2, logDet[0], 1e-12);
        AssertClose(x, f.Inverse(y), 1e-10);
    }

    [Fact]
    public void It_starts_as_a_convolution_of_single_pixels()
    {
        var x = randn([5, 3, 6, 4], generator: Generator);
        using var f = new TriangularConvolution(3, new Generator(2));
        using var one = new Conv1x1(3, new Generator(2));
        Assert.True(f.Forward(x).allclose(one.Forward(x), 1e-5, 1e-6));
    }

    [Fact]
    public void Gradients_of_the_inverse_are_differences()
    {
        var f = Moved(new TriangularConvolution(2, Generator, 2, Corner.TopRight));
        var y = Random(2, 2, 3, 3).requires_grad_();
        var (weights, step) = (Random(2, 2, 3, 3), 1e-6);
        foreach (var parameter in f.parameters().Cast<Tensor>().Append(y))
        {
            var direction = Random(parameter.shape);
            var slope = (GradientsOf(() => f.Inverse(y), weights, parameter)[0] * direction).sum().item<double>();
            Assert.Equal((At(step) - At(-step)) / (2 * step), slope, 1e-5 * (1 + Math.Abs(slope)));

            double At(double by)
            {
                using var ungraded = no_grad();
                parameter.add_(direction, by);
                var value = (f.Inverse(y) * weights).sum().item<double>();
                parameter.add_(direction, -by);
                return value;
            }
        }
    }

    [Fact]
    public void Where_the_norms_of_the_taps_sum_to_less_than_one_a_large_image_comes_back()
    {
        using var ungraded = no_grad();
        using var f = new TriangularConvolution(3, Generator);
        var taps = f.parameters().Single(parameter => parameter.dim() == 3);
        taps.add_(randn([8, 3, 3], generator: Generator), alpha: 0.02);
        var x = randn([2, 3, 64, 64], generator: Generator);
        Assert.InRange((f.Inverse(f.Forward(x)) - x).abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void Messages_say_what_was_expected()
    {
        Assert.StartsWith(
            "TriangularFilters: expected an odd kernel, which stands around the pixel, got 2;",
            Assert.Throws<ArgumentException>(
                () => new TriangularConvolution(2, Generator, 2, window: PixelWindow.Raster)).Message);
        Assert.StartsWith(
            "TriangularFilters: expected a kernel of 2 or more, got 1;",
            Assert.ThrowsAny<ArgumentException>(() => new TriangularConvolution(2, Generator, 1)).Message);
        Assert.StartsWith(
            "TriangularFilters: expected a kernel of at most 255, got 2147483647;",
            Assert.Throws<LimitException>(() => new TriangularConvolution(2, Generator, int.MaxValue)).Message);
        Assert.StartsWith(
            "TriangularConvolution(2, 3x3, TopLeft, Quadrant): expected 2 channels, got (3, 4, 4)",
            Assert.Throws<ShapeException>(
                () => new TriangularConvolution(2, Generator).Forward(zeros(3, 4, 4))).Message);
        Assert.StartsWith(
            "TriangularFilters: expected images (..., C, height, width) and matrices (8, C, C), got ",
            Assert.Throws<ShapeException>(() => new TriangularFilters(3, Corner.TopLeft, PixelWindow.Quadrant)
                .Solve(zeros(1, 2, 4, 4), zeros(8, 3, 3))).Message);
    }

    private TriangularConvolution Moved(TriangularConvolution f)
    {
        f.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in f.parameters())
        {
            parameter.add_(0.1 * Random(parameter.shape));
        }

        return f;
    }
}
