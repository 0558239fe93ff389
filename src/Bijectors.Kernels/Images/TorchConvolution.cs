using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Convolutions one after another by operations of torch; the only place that calls torch's own convolution,
/// and only on a GPU.
/// </summary>
/// <remarks>On some processors torch's convolution of 3x3 pixels gives wrong gradients in float32, since its vector
/// code reads memory that was never written. Matrix products are right.</remarks>
internal static class TorchConvolution
{
    /// <summary>Maps images.</summary>
    /// <param name="tensors">The images <c>(N, channels, height, width)</c>, then weight and bias of
    /// every layer.</param>
    /// <returns>A fresh tensor <c>(N, outputs, height, width)</c>.</returns>
    public static Tensor Map(IReadOnlyList<Tensor> tensors)
    {
        var h = Convolve(tensors[0], tensors[1], tensors[2]);
        for (var i = 3; i < tensors.Count; i += 2)
        {
            using var previous = h;
            using var active = h.relu();
            h = Convolve(active, tensors[i], tensors[i + 1]);
        }

        return h;
    }

    private static Tensor Convolve(Tensor x, Tensor weight, Tensor bias)
    {
        var (shape, size) = (x.shape, weight.size(2));
        if (x.device_type == DeviceType.CUDA)
        {
#pragma warning disable RS0030 // On a GPU it is another library's.
            return nn.functional.conv2d(x, weight, bias, padding: [size / 2, size / 2]);
#pragma warning restore RS0030
        }

        // What a filter sees as columns, one for each pixel.
        using var columns = size == 1 ? x.flatten(2) : nn.functional.unfold(x, size, padding: size / 2);
        using var filters = weight.flatten(1);
        using var product = filters.matmul(columns);
        using var column = bias.unsqueeze(1);
        using var sum = product + column;
        return sum.reshape(shape[0], weight.size(0), shape[2], shape[3]);
    }
}
