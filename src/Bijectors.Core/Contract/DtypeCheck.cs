using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Sees to it that points have the dtype of the numbers that map them, so that results and log-dets have it as well.
/// </summary>
/// <remarks>
/// Torch promotes silently: float64 points times float32 weights are float64 with the digits of float32. Elsewhere it
/// throws a page of native frames, or ends the process.
/// </remarks>
internal static class DtypeCheck
{
    /// <summary>Refuses a point or a context whose dtype is not that of a bijector's numbers.</summary>
    /// <exception cref="ArgumentException">The dtypes differ, or the point is not floating.</exception>
    public static void Arguments(Bijector f, Tensor point, Tensor? context)
    {
        if (!point.is_floating_point())
        {
            throw new ArgumentException(
                $"{f}: expected a floating dtype, got {point.dtype}; convert with .to(ScalarType.Float32).");
        }

        if (Holder(f, f) is { } holder && holder.Number.dtype != point.dtype)
        {
            throw Other(holder.Owner, holder.Number, point);
        }

        if (context is not null && context.is_floating_point() && context.dtype != point.dtype)
        {
            throw new ArgumentException(
                $"{f}: expected a context of {point.dtype}, the dtype of the points, got {context.dtype}; "
                + "convert it with .to(...).");
        }
    }

    /// <summary>
    /// Refuses a point inside a chain or another bijector whose dtype is not that of a layer's own numbers.
    /// </summary>
    /// <exception cref="ArgumentException">The dtypes differ.</exception>
    public static void Layer(Bijector layer, Tensor point)
    {
        if (Own(layer) is { } number && number.dtype != point.dtype)
        {
            throw Other(layer, number, point);
        }
    }

    private static ArgumentException Other(Bijector holder, Tensor number, Tensor point) => new(
        $"{holder}: expected points of {number.dtype}, the dtype of its numbers, got {point.dtype}; "
        + "convert the points, or the bijector, with .to(...).");

    /// <summary>The first floating parameter or buffer that a module itself holds; null where there is none.</summary>
    private static Tensor? Own(nn.Module module)
    {
        foreach (var parameter in module.parameters(recurse: false))
        {
            if (parameter.is_floating_point())
            {
                return parameter;
            }
        }

        foreach (var buffer in module.buffers(recurse: false))
        {
            if (buffer.is_floating_point())
            {
                return buffer;
            }
        }

        return null;
    }

    /// <summary>
    /// The first floating parameter or buffer, and the bijector that holds it, itself or in a network; null
    /// where there is none.
    /// </summary>
    private static (Bijector Owner, Tensor Number)? Holder(nn.Module module, Bijector owner)
    {
        if (Own(module) is { } number)
        {
            return (owner, number);
        }

        foreach (var child in module.children())
        {
            if (Holder(child, child as Bijector ?? owner) is { } holder)
            {
                return holder;
            }
        }

        return null;
    }
}
