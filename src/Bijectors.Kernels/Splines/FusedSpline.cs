using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Splines by the kernels, where those can take them; the only place where this is decided.</summary>
/// <remarks>They are faster at any size: a custom function costs some 50 us a call, the torch code some hundred small
/// operations.</remarks>
internal static class FusedSpline
{
    // Some vectors for each bin lie on the stack.
    private const long MostBins = 128;

    /// <summary>Maps points, with a graph where one is asked for; null where the torch code has to.</summary>
    /// <returns>The values, and the log-slopes where they are asked for; fresh.</returns>
    public static List<Tensor>? Map(Tensor points, Tensor widths, Tensor heights, Tensor slopes, SplineCall call)
    {
        Tensor[] tensors = [points, widths, heights, slopes];
        if (!Takes(tensors))
        {
            return null;
        }

        Backward.Release();
        return is_grad_enabled() && tensors.Any(t => t.requires_grad)
            ? SplineFunction.Apply(tensors, call)
            : call.Map(tensors);
    }

    /// <summary>The same of a spline of any form; null where the torch code has to.</summary>
    public static List<Tensor>? Map(
        Tensor points, Tensor widths, Tensor heights, Tensor slopes, SplineForm form, bool inverse,
        bool withLogSlope) =>
        form.IsUsual ? Map(points, widths, heights, slopes, new(form.Bound, inverse, withLogSlope)) : null;

    private static bool Takes(Tensor[] tensors)
    {
        var points = tensors[0];
        var bins = tensors[1].size(-1);

        // Spans of bytes reach no further than an int.
        return bins <= MostBins
            && points.numel() > 0
            && points.numel() * bins * points.ElementSize < int.MaxValue
            && tensors.All(t => TensorMemory.Has(t, points.dtype))
            && tensors.Skip(1).All(t => t.shape.AsSpan()[..^1].SequenceEqual(points.shape));
    }
}
