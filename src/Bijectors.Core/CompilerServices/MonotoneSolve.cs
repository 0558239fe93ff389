using System.ComponentModel;
using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>
/// The inverse and the log-slope of increasing elementwise maps that have no closed inverse. Emitted code uses it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MonotoneSolve
{
    /// <summary>
    /// The x with <c>map(x) = y</c> to a few units in the last place, with the gradients of the inverse where
    /// gradients are on.
    /// </summary>
    /// <param name="f">The bijector, for messages.</param>
    /// <param name="y">Values of the map, any shape.</param>
    /// <param name="map">The map: elementwise, increasing, of the shape of its argument. It is called about 20 times,
    /// and up to three times more for gradients.</param>
    /// <param name="low">The lower end of its domain, excluded.</param>
    /// <param name="high">The upper end of its domain, excluded.</param>
    /// <returns>A fresh tensor of the shape of y; NaN where y is NaN or outside the range of the map.</returns>
    /// <exception cref="ShapeException">The map gives more elements than it takes.</exception>
    public static Tensor Solve(Bijector f, Tensor y, Func<Tensor, Tensor> map, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(map);
        return MonotoneInverse.Of(y, Checked, low, high);

        Tensor Checked(Tensor x)
        {
            var value = map(x);
            Checks.Size(f, x, value);
            return value;
        }
    }

    /// <summary><c>log(d map(x)/dx)</c>, by differentiating the sum of the map.</summary>
    /// <param name="map">The map: elementwise, increasing, of the shape of its argument.</param>
    /// <param name="x">Points of its domain, any shape.</param>
    /// <returns>A fresh tensor of the shape of x, with gradients for x and the parameters of the map where gradients
    /// are on.</returns>
    public static Tensor LogSlope(Func<Tensor, Tensor> map, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(x);
        var differentiable = is_grad_enabled();
        using var scope = NewDisposeScope();
        using var entering = enable_grad();
        var variable = differentiable ? Gradients.Variable(x) : Gradients.Leaf(x);
        var y = map(variable);
        if (differentiable)
        {
            return Gradients.DifferentiableProduct(y, variable, ones_like(y)).log().MoveToOuterDisposeScope();
        }

        using var leaving = no_grad();
        var slope = (y.requires_grad ? Gradients.Product(y, variable, ones_like(y)) : null) ?? zeros_like(x);
        return slope.log().MoveToOuterDisposeScope();
    }
}
