using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What keeps planar maps, <c>x + u h(x.w + b)</c>, one to one.</summary>
public static class LowRank
{
    // Away from -1, where the map becomes singular: u.w would be rounded there.
    private const double Margin = 1e-3;

    /// <summary>The u.w of a u along w that <see cref="Constrained"/> takes to the zero vector, so that the map is the
    /// identity: there <c>m(u.w) = 0</c>.</summary>
    public const double Still = 0.5397424172369520;

    /// <summary>
    /// A u for which <c>u.w &gt; -1</c>: <c>u + (m(u.w) - u.w) w/|w|^2</c> with <c>m(a) = -1 + softplus(a)</c> and
    /// 0.001 more. Then <c>x + u h(x.w + b)</c> is one to one for every h whose slope is between 0 and 1, such as tanh.
    /// </summary>
    /// <param name="u">The direction, <c>(..., D)</c>.</param>
    /// <param name="w">The weights, <c>(..., D)</c>; where it is 0, u stays.</param>
    /// <returns>A fresh tensor, <c>(..., D)</c>.</returns>
    /// <remarks>Source: Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770, appendix
    /// A.1.</remarks>
    public static Tensor Constrained(Tensor u, Tensor w)
    {
        ArgumentNullException.ThrowIfNull(u);
        ArgumentNullException.ThrowIfNull(w);
        using var scope = NewDisposeScope();
        var product = (u * w).sum(-1, keepdim: true);
        var moved = TorchPointwise.Softplus(product) - (1 - Margin) - product;
        return (u + moved * w / w.square().sum(-1, keepdim: true).clamp(min: finfo(w.dtype).tiny))
            .MoveToOuterDisposeScope();
    }
}
