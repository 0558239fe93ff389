using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Filters that see a pixel p and pixels before it, <c>y[p] = b + W (x[p] + sum_o A_o x[p - o])</c>, in an order that
/// begins in a corner of the image; and the substitution that solves for x.
/// </summary>
/// <remarks>Pixels outside the image are 0. Gradients of all orders reach points and filters, in both
/// directions.</remarks>
public sealed class TriangularFilters
{
    // Wider than most images; a filter has kernel^2 numbers for each pair of channels.
    private const int LargestKernel = 255;

    private readonly TapOrder _order;

    // Which of [nothing, the pixel itself, the taps...] stands at each place of a filter.
    private readonly long[] _places;

    /// <summary>Filters of a size and an order.</summary>
    /// <param name="kernel">The k of the k x k pixels, 2 or more.</param>
    /// <param name="corner">Where the order begins.</param>
    /// <param name="window">Which pixels of the window are read.</param>
    /// <exception cref="LimitException">The kernel is larger than 255.</exception>
    /// <exception cref="ArgumentException">The kernel is smaller than 2, or even where it stands around the
    /// pixel.</exception>
    public TriangularFilters(int kernel, Corner corner, PixelWindow window)
    {
        if (kernel < 2)
        {
            throw new ArgumentException(
                $"TriangularFilters: expected a kernel of 2 or more, got {kernel}; of 1 it is Conv1x1.",
                nameof(kernel));
        }

        if (kernel > LargestKernel)
        {
            throw new LimitException(
                $"TriangularFilters: expected a kernel of at most {LargestKernel}, got {kernel}; several layers see as "
                + "far.");
        }

        if (window == PixelWindow.Raster && kernel % 2 == 0)
        {
            throw new ArgumentException(
                $"TriangularFilters: expected an odd kernel, which stands around the pixel, got {kernel}; "
                + $"{nameof(PixelWindow)}.{nameof(PixelWindow.Quadrant)} takes any.",
                nameof(kernel));
        }

        (Kernel, Corner, Window) = (kernel, corner, window);
        var (up, left) = (window == PixelWindow.Raster ? kernel / 2 : kernel - 1, Behind);
        _order = new(
            [.. from down in Enumerable.Range(0, up + 1)
                from right in Enumerable.Range(-left, left + (window == PixelWindow.Raster ? left : kernel - 1) + 1)
                where down > 0 || right > 0
                select (down, right)],
            corner is Corner.BottomLeft or Corner.BottomRight,
            corner is Corner.TopRight or Corner.BottomRight);
        _places = new long[Size * Size];
        _places[Place(0, 0)] = 1;
        for (var k = 0; k < TapCount; k++)
        {
            _places[Place(_order.Taps[k].Down, _order.Taps[k].Right)] = k + 2;
        }
    }

    /// <summary>The k of the k x k pixels.</summary>
    public int Kernel { get; }

    /// <summary>Where the order begins.</summary>
    public Corner Corner { get; }

    /// <summary>Which pixels of the window are read.</summary>
    public PixelWindow Window { get; }

    /// <summary>How many pixels are read beside the pixel itself: <c>k^2 - 1</c>, or half of it.</summary>
    public int TapCount => _order.Taps.Count;

    // Filters stand around a pixel, so they are of an odd size; those of a quadrant move with the image's padding.
    private int Size => Window == PixelWindow.Raster ? Kernel : Kernel | 1;

    // How many columns a tap may lie ahead.
    private int Behind => Window == PixelWindow.Raster ? Kernel / 2 : 0;

    /// <summary>Maps images.</summary>
    /// <param name="x">Images <c>(..., C, height, width)</c>.</param>
    /// <param name="matrix">W, <c>(C, C)</c>.</param>
    /// <param name="taps">The matrices A, <c>(TapCount, C, C)</c>.</param>
    /// <param name="bias">b, <c>(C)</c>.</param>
    /// <returns>A fresh tensor of the shape of x.</returns>
    /// <exception cref="ArgumentException">Sizes or dtypes differ.</exception>
    public Tensor Map(Tensor x, Tensor matrix, Tensor taps, Tensor bias)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        using var scope = NewDisposeScope();
        Check(x, taps, TapCount);
        Check(x, matrix.unsqueeze(0), count: 1);
        var images = x.reshape([-1, .. x.shape[^3..]]);
        var channels = images.size(1);
        var one = eye(channels, dtype: x.dtype, device: x.device).unsqueeze(0);
        var stacked = cat([zeros_like(one), one, taps], 0);
        var placed = stacked.index_select(0, tensor(_places, device: x.device));
        var filters = matmul(matrix, placed).permute(1, 2, 0).reshape(channels, channels, Size, Size).contiguous();
        var y = Window == PixelWindow.Raster
            ? FusedConvolution.Map([images, filters, bias])
            : FusedConvolution.Map([Padded(images), filters, bias])
                .narrow(2, Size / 2, x.size(-2)).narrow(3, Size / 2, x.size(-1));
        return y.reshape(x.shape).clone().MoveToOuterDisposeScope();
    }

    /// <summary>The x with <c>x[p] + sum_o A_o x[p - o] = y[p]</c>, by substitution.</summary>
    /// <param name="y">Images <c>(..., C, height, width)</c>.</param>
    /// <param name="taps">The matrices A, <c>(TapCount, C, C)</c>.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    /// <exception cref="ArgumentException">Sizes or dtypes differ.</exception>
    public Tensor Solve(Tensor y, Tensor taps)
    {
        Check(y, taps, TapCount);
        using var images = y.reshape([-1, .. y.shape[^3..]]);
        using var x = FusedSubstitution.Solve(images, taps, _order);
        return x.reshape(y.shape);
    }

    // The k - 1 rows and columns that lie before the first.
    private Tensor Padded(Tensor images)
    {
        var (count, channels, height, width) = (images.size(0), images.size(1), images.size(2), images.size(3));
        var rows = zeros([count, channels, Kernel - 1, width], images.dtype, images.device);
        var columns = zeros([count, channels, height + Kernel - 1, Kernel - 1], images.dtype, images.device);
        var high = _order.FromBottom ? cat([images, rows], 2) : cat([rows, images], 2);
        return _order.FromRight ? cat([high, columns], 3) : cat([columns, high], 3);
    }

    private long Place(int down, int right)
    {
        var (row, column) = Window == PixelWindow.Raster
            ? (Along(down, _order.FromBottom, Kernel / 2), Along(right, _order.FromRight, Kernel / 2))
            : (Along(down, _order.FromBottom, _order.FromBottom ? 0 : Kernel - 1),
                Along(right, _order.FromRight, _order.FromRight ? 0 : Kernel - 1));
        return (row * Size) + column;

        static int Along(int back, bool isReversed, int itself) => isReversed ? itself + back : itself - back;
    }

    private static void Check(Tensor images, Tensor matrices, int count)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(matrices);
        var channels = images.dim() < 3 ? -1 : images.size(-3);
        if (matrices.dim() != 3 || matrices.size(0) != count || matrices.size(1) != channels
            || matrices.size(2) != channels)
        {
            throw new ShapeException(
                nameof(TriangularFilters), $"expected images (..., C, height, width) and matrices ({count}, C, C)",
                $"got images {Shape.Text(images.shape)} and matrices {Shape.Text(matrices.shape)}");
        }

        if (matrices.dtype != images.dtype)
        {
            throw new ArgumentException(
                $"TriangularFilters: expected images of {matrices.dtype}, the dtype of the filters, got "
                + $"{images.dtype}; convert them with .to(...).",
                nameof(images));
        }
    }
}
