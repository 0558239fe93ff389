using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The logit of a mixture of logistic distribution functions: <c>y = logit(sum_k w_k sigmoid(a_k x + b_k))</c> with
/// <c>w = softmax(weights)</c> and <c>a = exp(logSlopes)</c>, all reals onto all reals.
/// </summary>
/// <remarks>
/// Computed from the logarithms of the distribution function F and of 1 - F, so that no tail saturates:
/// <c>y = log F - log(1 - F)</c>, <c>log dy/dx = log F' - log F - log(1 - F)</c>. The inverse is found between
/// brackets, on the CPU by a kernel. Source: Ho et al. 2019, Flow++, arXiv 1902.00275, section 3.2; Huang et al. 2018,
/// Neural autoregressive flows, arXiv 1804.00779, eq. 8.
/// </remarks>
public static class SigmoidMixture
{
    /// <summary>y for x.</summary>
    /// <param name="x">Points, any shape <c>(...)</c>.</param>
    /// <param name="weights">Raw weights of K components, <c>(..., K)</c>.</param>
    /// <param name="logSlopes">Logarithms of their slopes, <c>(..., K)</c>.</param>
    /// <param name="offsets">Their offsets b, <c>(..., K)</c>.</param>
    /// <returns>A fresh tensor of the shape of x.</returns>
    [Primitive(nameof(Inverse), nameof(LogSlope), WithLogSlope = nameof(MapWithLogSlope))]
    public static Tensor Map(
        Tensor x, [Elementwise(1)] Tensor weights, [Elementwise(1)] Tensor logSlopes, [Elementwise(1)] Tensor offsets)
    {
        using var scope = NewDisposeScope();
        var shares = Normalized(weights);
        var z = Arguments(x, logSlopes, offsets);
        var below = (shares + nn.functional.logsigmoid(z)).logsumexp(-1);
        return (below - (shares + nn.functional.logsigmoid(-z)).logsumexp(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>x for y, to rounding.</summary>
    /// <param name="y">Points, any shape <c>(...)</c>.</param>
    /// <param name="weights">Raw weights of K components, <c>(..., K)</c>.</param>
    /// <param name="logSlopes">Logarithms of their slopes, <c>(..., K)</c>.</param>
    /// <param name="offsets">Their offsets b, <c>(..., K)</c>.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor Inverse(Tensor y, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        ArgumentNullException.ThrowIfNull(y);
        using var scope = NewDisposeScope();
        var root = MixtureRoots.Of(y, weights, logSlopes, offsets);
        if (root is not null && y.dtype == ScalarType.Float32)
        {
            return MonotoneInverse.WithGradients(root, y, x => Map(x, weights, logSlopes, offsets))
                .MoveToOuterDisposeScope();
        }

        Tensor low, high;
        using (no_grad())
        {
            if (root is not null)
            {
                // In float64 the map rounds no less than the kernel: x is what the map itself takes to y.
                var margin = (root.abs() + ((1 + y.abs()) * (-logSlopes.amin([-1L])).exp())) * 1e-10;
                (low, high) = (root - margin, root + margin);
            }
            else
            {
                // Each component alone takes a point of its own to y; that of the mixture lies among them.
                var points = (y.unsqueeze(-1) - offsets) * (-logSlopes).exp();
                var margin = (points.abs() * 1e-3) + 1e-3;
                (low, high) = ((points - margin).amin([-1L]), (points + margin).amax([-1L]));
            }
        }

        return MonotoneInverse.Of(y, x => Map(x, weights, logSlopes, offsets), low, high).MoveToOuterDisposeScope();
    }

    /// <summary><c>log(dy/dx)</c> at x.</summary>
    /// <inheritdoc cref="Map"/>
    public static Tensor LogSlope(Tensor x, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        var (y, logSlope) = MapWithLogSlope(x, weights, logSlopes, offsets);
        y.Dispose();
        return logSlope;
    }

    /// <summary>y for x, and <c>log(dy/dx)</c> there, in one pass.</summary>
    /// <returns>Two fresh tensors of the shape of x.</returns>
    /// <inheritdoc cref="Map"/>
    public static (Tensor Y, Tensor LogSlope) MapWithLogSlope(
        Tensor x, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var scope = NewDisposeScope();
        var shares = Normalized(weights);
        var z = Arguments(x, logSlopes, offsets);
        var (left, right) = (shares + nn.functional.logsigmoid(z), shares + nn.functional.logsigmoid(-z));
        var (below, above) = (left.logsumexp(-1), right.logsumexp(-1));

        // F'/(F (1 - F)), with the smaller of F and 1 - F divided out of each term: far out both F' and F vanish.
        var low = below.unsqueeze(-1) < above.unsqueeze(-1);
        var terms = Normalized(where(low, left, right)) + nn.functional.logsigmoid(where(low, -z, z));
        var slope = (terms + logSlopes).logsumexp(-1) - maximum(below, above);
        return scope.MoveToOuter(below - above, slope);
    }

    private static Tensor Arguments(Tensor x, Tensor logSlopes, Tensor offsets) =>
        (x.unsqueeze(-1) * logSlopes.exp()) + offsets;

    /// <summary>Logarithms of shares of sum 1.</summary>
    private static Tensor Normalized(Tensor logarithms) => logarithms - logarithms.logsumexp(-1, keepdim: true);
}
