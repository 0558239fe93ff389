using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A matrix on the vectors along one axis of events, the same for every place on the other axes.</summary>
internal static class AxisProduct
{
    /// <summary><c>W v + b</c> for every vector v along the axis.</summary>
    /// <param name="point">Points, <c>(..., D, ...)</c>.</param>
    /// <param name="axis">The axis of D entries, counted from the end.</param>
    /// <param name="weight">W, <c>(D, D)</c>.</param>
    /// <param name="bias">b, <c>(D)</c>.</param>
    /// <returns>A fresh tensor of the shape of the points.</returns>
    public static Tensor Of(Tensor point, int axis, Tensor weight, Tensor bias)
    {
        if (axis == -1)
        {
            return nn.functional.linear(point, weight, bias);
        }

        // A product of two dtypes ends the process.
        if (point.dtype != weight.dtype)
        {
            throw new ArgumentException(
                $"A matrix along axis {axis}: expected points of {weight.dtype}, the dtype of the matrix, "
                + $"got {point.dtype}; convert them with .to(...).");
        }

        // All places behind the axis side by side, one product for each item: for few channels twice as fast as a 1x1
        // convolution, and as fast for many.
        var size = bias.numel();
        var places = point.shape[^(-axis - 1)..].Aggregate(1L, (product, count) => product * count);
        var items = point.shape[..^-axis].Aggregate(1L, (product, count) => product * count);
        using var vectors = point.reshape(items, size, places);
        using var column = bias.reshape(size, 1);
        using var mapped = matmul(weight, vectors);
        mapped.add_(column);
        return mapped.reshape(point.shape);
    }
}
