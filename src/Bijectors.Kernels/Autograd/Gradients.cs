using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Products of a vector with a Jacobian, <c>v^T dy/dx</c>, by one backward pass each.</summary>
internal static class Gradients
{
    /// <summary>The product, without a graph of its own; the graph of y is kept for the next one.</summary>
    /// <remarks>By <c>backward</c>, whose errors arrive as exceptions; those of <c>autograd.grad</c> end the
    /// process.</remarks>
    /// <param name="y">What is differentiated.</param>
    /// <param name="x">A leaf.</param>
    /// <param name="v">The shape of y.</param>
    /// <returns>A fresh tensor of the shape of x, or null where y does not depend on x.</returns>
    public static Tensor? Product(Tensor y, Tensor x, Tensor v)
    {
        x.grad = null;
        BackwardFailures.Run(() => autograd.backward([y], [v], retain_graph: true, inputs: [x]));
        var product = x.grad;
        x.grad = null;
        return product;
    }

    /// <summary>The product as a function that can be differentiated again.</summary>
    /// <inheritdoc cref="ProductAtNode"/>
    public static Tensor DifferentiableProduct(Tensor y, Tensor x, Tensor v) =>
        ProductAtNode(y, x, v, isRecorded: true);

    /// <summary>The product where x is no leaf; the graph of y is kept for the next one.</summary>
    /// <remarks>By <c>autograd.grad</c>, since <c>backward</c> with a graph warns of cycles between a leaf and its
    /// gradient, and of gradients of what is no leaf.</remarks>
    /// <param name="y">What is differentiated.</param>
    /// <param name="x">Any tensor that requires gradients.</param>
    /// <param name="v">The shape of y.</param>
    /// <param name="isRecorded">Whether the product is a function that can be differentiated again.</param>
    /// <returns>A fresh tensor of the shape of x; zeros where y does not depend on x.</returns>
    public static Tensor ProductAtNode(Tensor y, Tensor x, Tensor v, bool isRecorded)
    {
        if (!y.requires_grad)
        {
            return zeros_like(x);
        }

        var product = BackwardFailures.Run(
            () => autograd.grad([y], [x], [v], retain_graph: true, create_graph: isRecorded, allow_unused: true))[0];
        return Backward.Valid(product) ?? zeros_like(x);
    }

    /// <summary>
    /// A tensor of the value of x to differentiate by: x itself where it takes gradients, else a leaf.
    /// </summary>
    /// <remarks>A node of its own behind x: TorchSharp's alias is x itself, and a derivative by x would run through all
    /// else that was computed from it.</remarks>
    /// <returns>A fresh tensor.</returns>
    public static Tensor Variable(Tensor x) => x.requires_grad ? x.view_as(x) : Leaf(x);

    /// <summary>A leaf of the value of x that takes gradients.</summary>
    /// <returns>A fresh tensor, which shares its memory with x.</returns>
    public static Tensor Leaf(Tensor x) => x.detach().requires_grad_();
}
