using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Whether a point that was computed again is the one that it was.</summary>
internal static class Reconstruction
{
    /// <summary>How much of <c>1 + max|x|</c> a point may be off: half of the digits of its dtype, <c>sqrt(epsilon)</c>.</summary>
    public static double Tolerance(ScalarType dtype) => Math.Sqrt(Convergence.Epsilon(dtype));

    /// <summary><c>max|x' - x| / (1 + max|x|)</c>; NaN where one of them is not finite.</summary>
    public static double Error(Tensor found, Tensor point)
    {
        if (point.numel() == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        var size = point.detach().abs().max();
        var error = (found.detach() - point.detach()).abs_().max() / (size + 1);

        // An infinite point would make any error small.
        return where(size.isfinite(), error, full_like(error, double.NaN)).to(ScalarType.Float64).item<double>();
    }

    /// <summary>Whether the error is within the tolerance.</summary>
    public static bool IsClose(Tensor found, Tensor point) => Error(found, point) <= Tolerance(point.dtype);
}
