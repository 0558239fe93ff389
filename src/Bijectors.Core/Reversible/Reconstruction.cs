using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Whether a point that was computed again is the one that it was.</summary>
internal static class Reconstruction
{
    /// <summary>
    /// How much of <c>1 + max|x|</c> a point may be off: <c>epsilon^(2/3)</c>, so that two thirds of the
    /// digits are right.
    /// </summary>
    /// <remarks>Half of the digits would do for the point, but where a layer is steep enough to lose them its gradients
    /// lose one or two more.</remarks>
    public static double Tolerance(ScalarType dtype) => Math.Pow(Convergence.Epsilon(dtype), 2.0 / 3);

    /// <summary><c>max|x' - x| / (1 + max|x|)</c>; NaN where one of them is not finite.</summary>
    public static double Error(Tensor found, Tensor point)
    {
        if (point.numel() == 0)
        {
            return 0;
        }

        // Taken for every layer of every step: few operations.
        using var leaving = no_grad();
        using var difference = found - point;
        var (error, size) = (Largest(difference), Largest(point));

        // An infinite point would make any error small.
        return double.IsFinite(size) ? error / (1 + size) : double.NaN;
    }

    /// <summary>Whether the error is within the tolerance.</summary>
    public static bool IsClose(Tensor found, Tensor point) => Error(found, point) <= Tolerance(point.dtype);

    /// <summary>The largest magnitude. The norm that is called so takes twenty times as long.</summary>
    private static double Largest(Tensor tensor)
    {
        var (least, most) = tensor.aminmax();
        using (least)
        using (most)
        {
            return Math.Max(Math.Abs(least.ToDouble()), Math.Abs(most.ToDouble()));
        }
    }
}
