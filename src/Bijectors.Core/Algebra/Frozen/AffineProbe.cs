using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The constants of a map that is known to be affine, asked of the map itself in float64: its value at zero and its
/// gradient there, in both directions, and its log-det. So nothing that a layer computes is written down a second time.
/// </summary>
/// <param name="Weight">W <c>(D, D)</c>, or a scale for each element.</param>
/// <param name="Bias">The value at zero.</param>
/// <param name="Inverse">The inverse of W, or the inverse scales.</param>
/// <param name="InverseBias">The value of the inverse at zero.</param>
/// <param name="LogSlope">The log-det for each element of an event: whatever the event, the log-det is that times
/// its size.</param>
internal sealed record AffineProbe(Tensor Weight, Tensor Bias, Tensor Inverse, Tensor InverseBias, Tensor LogSlope)
{
    /// <summary>A map of each element separately.</summary>
    /// <param name="f">The map, of float64 on the CPU.</param>
    /// <param name="input">The event shape; what is the same along a dimension is stored once.</param>
    /// <param name="name">What it stands for, in messages.</param>
    /// <exception cref="InvalidOperationException">A constant is not finite.</exception>
    public static AffineProbe OfElements(Bijector f, Shape input, string name)
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var point = zeros(input.ToArray(), ScalarType.Float64);
        var direction = ones_like(point);
        var (bias, weight) = At(f, point, direction);
        var (inverseBias, inverse) = At(Inverted.Of(f), point, direction);
        Tensor[] constants = [weight, bias, inverse, inverseBias];
        for (var dim = 0; dim < input.Rank; dim++)
        {
            var first = constants.Select(constant => constant.narrow(dim, 0, 1)).ToArray();
            if (constants.Zip(first).All(pair => (pair.First == pair.Second).all().item<bool>()))
            {
                constants = first;
            }
        }

        var shape = constants[0].shape.SkipWhile(size => size == 1).ToArray();
        constants = [.. constants.Select(constant => constant.reshape(shape))];
        return Lasting(constants, f.ForwardWithLogDet(point, eventRank: input.Rank).LogDet, input.Size, name);
    }

    /// <summary>A map of the vectors along an axis.</summary>
    /// <param name="f">The map, of float64 on the CPU.</param>
    /// <param name="size">The number D of entries of a vector.</param>
    /// <param name="axis">The axis, counted from the end.</param>
    /// <param name="name">What it stands for, in messages.</param>
    /// <exception cref="InvalidOperationException">A constant is not finite.</exception>
    public static AffineProbe OfVectors(Bijector f, long size, int axis, string name)
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        long[] places = [size, .. Enumerable.Repeat(1L, -axis - 1)];
        places = [.. Enumerable.Repeat(1L, f.EventRank - places.Length), .. places];

        // The gradient of the entry i is the row i of the matrix.
        var points = zeros([size, .. places], ScalarType.Float64);
        var directions = eye(size, dtype: ScalarType.Float64).reshape(points.shape);
        var (bias, weight) = At(f, points, directions);
        var (inverseBias, inverse) = At(Inverted.Of(f), points, directions);
        Tensor[] constants =
            [weight.reshape(size, size), bias[0].flatten(), inverse.reshape(size, size), inverseBias[0].flatten()];
        return Lasting(constants, f.ForwardWithLogDet(points[0], eventRank: places.Length).LogDet, size, name);
    }

    /// <summary>The value at a point, and the gradient of its product with a direction.</summary>
    private static (Tensor Value, Tensor Gradient) At(Bijector f, Tensor point, Tensor direction)
    {
        var at = point.detach().requires_grad_();
        var value = f.Forward(at);
        return (value.detach(), autograd.grad([value], [at], [direction])[0]);
    }

    private static AffineProbe Lasting(Tensor[] constants, Tensor logDet, long size, string name)
    {
        Tensor[] all = [.. constants, logDet / size];
        if (all.Any(constant => !constant.isfinite().all().item<bool>()))
        {
            throw new InvalidOperationException(
                $"Frozen: expected {name} to have finite scales and an inverse, got one that is infinite or NaN; "
                + "a parameter is, or a scale has become zero.");
        }

        var lasting = all.Select(Initial.Snapshot).ToArray();
        return new(lasting[0], lasting[1], lasting[2], lasting[3], lasting[4]);
    }
}
