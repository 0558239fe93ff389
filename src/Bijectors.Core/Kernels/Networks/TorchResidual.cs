using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A residual network by operations of torch.</summary>
internal static class TorchResidual
{
    /// <summary>Maps points.</summary>
    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="masks">Which weights count, for every layer; null for all.</param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public static Tensor Map(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor>? masks)
    {
        var last = (tensors.Count / 2) - 1;
        var h = Linear(0, tensors[0]);
        for (var layer = 1; layer < last; layer += 2)
        {
            using var previous = h;
            using var active = h.relu();
            using var hidden = Linear(layer, active);
            using var again = hidden.relu();
            using var change = Linear(layer + 1, again);
            h = previous + change;
        }

        using (h)
        {
            return Linear(last, h);
        }

        Tensor Linear(int layer, Tensor x)
        {
            var (weight, bias) = (tensors[(2 * layer) + 1], tensors[(2 * layer) + 2]);
            using var masked = masks is null ? null : weight * masks[layer];
            return nn.functional.linear(x, masked ?? weight, bias);
        }
    }
}
