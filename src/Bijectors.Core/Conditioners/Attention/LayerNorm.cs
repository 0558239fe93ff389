using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Layer normalization over the last dimension, <c>y = a (x - mean x) / sqrt(var x + 1e-5) + b</c>: every vector is
/// treated alone.
/// </summary>
/// <remarks>Source: Ba, Kiros, Hinton 2016, Layer normalization, arXiv 1607.06450.</remarks>
internal sealed class LayerNorm : nn.Module
{
    private const double Epsilon = 1e-5;

    // Parameters in a trained layer, constants in a frozen one.
    private readonly Tensor weight;
    private readonly Tensor bias;

    /// <param name="width">The size of the last dimension.</param>
    public LayerNorm(long width)
        : base(nameof(LayerNorm))
    {
        weight = Initial.Constant(1, width);
        bias = Initial.Constant(0, width);
        RegisterComponents();
    }

    private LayerNorm(LayerNorm source)
        : base(nameof(LayerNorm))
    {
        weight = Initial.Snapshot(source.weight);
        bias = Initial.Snapshot(source.bias);
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="x"><c>(..., width)</c></param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Apply(Tensor x)
    {
        if (weight.numel() > 1)
        {
            return nn.functional.layer_norm(x, weight.shape, weight, bias, Epsilon);
        }

        // One number less its mean is 0; torch's gradient of that is what rounding leaves, 300 times enlarged.
        using var scope = NewDisposeScope();
        return (((x - x) * weight) + bias).MoveToOuterDisposeScope();
    }

    /// <summary>The same layer made of constants.</summary>
    public LayerNorm Frozen() => new(this);
}
