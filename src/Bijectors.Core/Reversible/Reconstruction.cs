using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Whether a point that was computed again is the one that it was.</summary>
internal static class Reconstruction
{
    /// <summary>How much of <c>1 + max|x|</c> a point may be off: <c>epsilon^(2/3)</c>, so that two thirds of the digits are right.</summary>
    /// <remarks>Half of the digits would do for the point, but where a layer is steep enough to lose them its gradients lose one or two more.</remarks>
    public static double Tolerance(ScalarType dtype) => Math.Pow(Convergence.Epsilon(dtype), 2.0 / 3);

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
