using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>The interval (0, c) closed to a circle. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Circle
{
    /// <summary>
    /// <c>(x + shift) mod period</c>, inside of (0, period): a result that rounds to an end becomes the number next to
    /// it.
    /// </summary>
    /// <param name="x">Numbers, any shape.</param>
    /// <param name="shift">What is added.</param>
    /// <param name="period">The length of the circle.</param>
    /// <returns>A fresh tensor.</returns>
    public static Tensor Shift(Tensor x, Tensor shift, double period)
    {
        using var scope = NewDisposeScope();
        return Inside(x + shift, period).MoveToOuterDisposeScope();
    }

    /// <summary><c>(x + shift) mod period</c>, see <see cref="Shift(Tensor, Tensor, double)"/>.</summary>
    public static Tensor Shift(Tensor x, double shift, double period)
    {
        using var scope = NewDisposeScope();
        return Inside(x + shift, period).MoveToOuterDisposeScope();
    }

    private static Tensor Inside(Tensor sum, double period)
    {
        // The gradient of remainder is 1, that of clamp would be 0 at the ends: what is added there is a constant.
        var turned = sum.remainder(period);
        var (low, high) = sum.dtype == ScalarType.Float64
            ? (2.2250738585072014E-308, Math.BitDecrement(period))
                : (1.17549435E-38, MathF.BitDecrement((float)period));
        using var constant = turned.detach();
        using var inside = constant.clamp(low, high);
        return turned + (inside - constant);
    }
}
