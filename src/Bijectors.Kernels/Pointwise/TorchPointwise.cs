using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Functions of elements by operations of torch.</summary>
internal static class TorchPointwise
{
    /// <summary>
    /// <c>log(1 + exp(x))</c>, without torch's switch to the identity at 20, which costs float64 its last six digits.
    /// </summary>
    public static Tensor Softplus(Tensor x)
    {
        using var zero = zeros([], dtype: x.dtype, device: x.device);
        return logaddexp(x, zero);
    }
}
