using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Linear layers, by the kernel where it can take them and is faster than torch; the only place where this is
/// decided.</summary>
internal static class FusedLinear
{
    // Multiplications from which on the kernel makes up for its calls and for the copy of the weights; with a graph the
    // node costs some 50 us besides.
    private const long LeastWithoutGraph = 1 << 20;
    private const long Least = 1 << 23;
    private const long LeastRows = 64;

    /// <summary><c>y = x W^T + b</c>, with a graph where one is asked for.</summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <param name="weight"><c>(outputs, inputs)</c></param>
    /// <param name="bias"><c>(outputs)</c></param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public static Tensor Map(Tensor x, Tensor weight, Tensor bias)
    {
        var graph = is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias.requires_grad);
        if (!Takes(x, weight, bias, graph))
        {
            return nn.functional.linear(x, weight, bias);
        }

        Backward.Release();
        return graph ? LinearFunction.Apply(x, weight, bias) : LinearFunction.Map(x, weight, bias);
    }

    private static bool Takes(Tensor x, Tensor weight, Tensor bias, bool graph)
    {
        // Asked first: all else that is asked costs a small layer more than its products.
        var (count, outputs) = (x.numel(), weight.size(0));
        if (count * outputs < (graph ? Least : LeastWithoutGraph))
        {
            return false;
        }

        // Spans of bytes reach no further than an int.
        var inputs = weight.size(1);
        return x.dim() > 0 && x.size(-1) == inputs && count / inputs >= LeastRows
            && count / inputs * Math.Max(inputs, outputs) * x.ElementSize < int.MaxValue
            && TensorMemory.Has(x, x.dtype) && TensorMemory.Has(weight, x.dtype) && TensorMemory.Has(bias, x.dtype);
    }
}
