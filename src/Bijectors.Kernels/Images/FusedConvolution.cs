using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Convolutions that keep height and width, one after another with relu between them, by the kernels where those can
/// take them; the only place where this is decided.
/// </summary>
internal static class FusedConvolution
{
    /// <summary>Maps images, with a graph where one is asked for.</summary>
    /// <param name="tensors">
    /// The images <c>(N, channels, height, width)</c>, then weight and bias of every layer, which fit together.
    /// </param>
    /// <returns>A fresh tensor <c>(N, outputs, height, width)</c>.</returns>
    public static Tensor Map(IReadOnlyList<Tensor> tensors)
    {
        if (!Takes(tensors))
        {
            return TorchConvolution.Map(tensors);
        }

        Backward.Release();
        return is_grad_enabled() && tensors.Any(t => t.requires_grad)
            ? ConvolutionFunction.Apply(tensors) : ConvolutionCall.Map(tensors, keep: false).Result;
    }

    /// <summary>Whether the kernels take images, then weight and bias of every layer.</summary>
    public static bool Takes(IReadOnlyList<Tensor> tensors)
    {
        var x = tensors[0];

        // Spans of bytes reach no further than an int.
        return x.dtype is ScalarType.Float32 or ScalarType.Float64
            && tensors.All(t => TensorMemory.Has(t, x.dtype) && t.numel() * t.ElementSize < int.MaxValue)
            && Framed(tensors) * x.ElementSize < int.MaxValue;
    }

    // About how many numbers the inputs of all layers are, in their frames.
    private static long Framed(IReadOnlyList<Tensor> tensors)
    {
        var (shape, size) = (tensors[0].shape, 0L);
        for (var i = 1; i < tensors.Count; i += 2)
        {
            var filters = tensors[i].shape;
            size += ((shape[2] + filters[2]) * (shape[3] + filters[3]) * filters[1]) + 128;
        }

        return shape[0] * size;
    }
}
