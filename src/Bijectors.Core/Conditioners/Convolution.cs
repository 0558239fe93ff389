using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A convolution that keeps height and width, <c>y[p] = b + sum_q W[q] x[p + q]</c>, initialised from an explicit generator.</summary>
internal sealed class Convolution : nn.Module
{
    // Constants in a frozen convolution, as in Dense.
    private readonly Tensor weight;
    private readonly Tensor bias;

    public Convolution(long inputs, long outputs, int kernel, Generator generator, double gain = 1)
        : base(nameof(Convolution))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        var bound = gain / Math.Sqrt(inputs * kernel * kernel);
        weight = Initial.Uniform(bound, generator, outputs, inputs, kernel, kernel);
        bias = Initial.Uniform(bound, generator, outputs);
        RegisterComponents();
    }

    private Convolution(Convolution source)
        : base(nameof(Convolution))
    {
        weight = Initial.Snapshot(source.weight);
        bias = Initial.Snapshot(source.bias);
        RegisterComponents();
    }

    /// <summary><c>(outputs, inputs, kernel, kernel)</c></summary>
    public Tensor Weight => weight;

    /// <summary><c>(outputs)</c></summary>
    public Tensor Bias => bias;

    /// <summary>The same convolution made of constants.</summary>
    public Convolution Frozen() => new(this);
}
