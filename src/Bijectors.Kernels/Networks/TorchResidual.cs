using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>A network with residual blocks, or with plain layers, by operations of torch.</summary>
internal static class TorchResidual
{
    /// <summary>Maps points through residual blocks with rectified linear units.</summary>
    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="masks">Which weights count, for every layer; null for all.</param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public static Tensor Map(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor>? masks) =>
        Map(tensors, masks, h => h.relu(), isResidual: true);

    /// <summary>Maps points.</summary>
    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="masks">Which weights count, for every layer; null for all.</param>
    /// <param name="activation">The function of each element between the layers.</param>
    /// <param name="isResidual">Whether the layers between the first and the last are residual blocks of two.</param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public static Tensor Map(
        IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor>? masks, Func<Tensor, Tensor> activation, bool isResidual)
    {
        var last = (tensors.Count / 2) - 1;
        var h = Linear(0, tensors[0]);
        for (var layer = 1; layer < last; layer += isResidual ? 2 : 1)
        {
            using var previous = h;
            using var active = activation(h);
            if (!isResidual)
            {
                h = Linear(layer, active);
                continue;
            }

            using var hidden = Linear(layer, active);
            using var again = activation(hidden);
            using var change = Linear(layer + 1, again);
            h = previous + change;
        }

        using (h)
        {
            using var active = isResidual ? null : activation(h);
            return Linear(last, active ?? h);
        }

        Tensor Linear(int layer, Tensor x)
        {
            var (weight, bias) = (tensors[(2 * layer) + 1], tensors[(2 * layer) + 2]);
            using var masked = masks is null ? null : weight * masks[layer];
            return nn.functional.linear(x, masked ?? weight, bias);
        }
    }
}
