using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// The solution of <c>x[p] + sum_k A_k x[p - o_k] = y[p]</c> by operations of torch, row after row: what the rows
/// before add is one product for each distance, and the taps within a row are one triangular system.
/// </summary>
/// <remarks>Its matrices have <c>(width C)^2</c> entries, one for each distance of rows.</remarks>
internal static class TorchSubstitution
{
    /// <summary>Solves for images.</summary>
    /// <inheritdoc cref="FusedSubstitution.Solve"/>
    public static Tensor Solve(Tensor y, Tensor taps, TapOrder order)
    {
        using var scope = NewDisposeScope();
        var (count, channels, height, width) = (y.size(0), y.size(1), y.size(2), y.size(3));
        var rows = order.Turned(y).permute(2, 0, 3, 1).reshape(height, count, width * channels);
        var within = (Between(taps, order, 0, width) + eye(width * channels, dtype: y.dtype, device: y.device)).mT;
        var distances = order.Taps.Select(tap => tap.Down).Where(down => down > 0).Distinct()
            .Select(down => (Down: down, Matrix: Between(taps, order, down, width).mT)).ToList();
        var solved = new List<Tensor>();
        for (var row = 0; row < height; row++)
        {
            var right = rows.select(0, row);
            foreach (var (down, matrix) in distances.Where(distance => distance.Down <= row))
            {
                right = right - solved[row - down].mm(matrix);
            }

            solved.Add(linalg.solve_triangular(within, right, upper: true, left: false, unitriangular: true));
        }

        using var images = stack(solved, 0).reshape(height, count, width, channels).permute(1, 3, 0, 2);
        return order.Turned(images).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The taps from a row to the one so far below, <c>(width C, width C)</c>.</summary>
    private static Tensor Between(Tensor taps, TapOrder order, int down, long width)
    {
        var channels = taps.size(1);
        var sum = zeros([width * channels, width * channels], taps.dtype, taps.device);
        for (var k = 0; k < order.Taps.Count; k++)
        {
            var right = order.Taps[k].Right;
            if (order.Taps[k].Down == down && Math.Abs(right) < width)
            {
                var places = ones([width - Math.Abs(right)], taps.dtype, taps.device).diag(-right);
                var blocks = places.reshape(width, 1, width, 1) * taps.select(0, k).reshape(1, channels, 1, channels);
                sum = sum + blocks.reshape(width * channels, width * channels);
            }
        }

        return sum;
    }
}
