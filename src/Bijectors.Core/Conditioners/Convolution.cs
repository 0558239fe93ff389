using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A convolution that keeps height and width, initialised from an explicit generator.</summary>
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

    /// <summary>The same convolution made of constants.</summary>
    public Convolution Frozen() => new(this);

    /// <summary>Applies it to <c>(N, inputs, height, width)</c>.</summary>
    public Tensor Apply(Tensor x)
    {
        var margin = weight.size(-1) / 2;
        return nn.functional.conv2d(x, weight, bias, padding: [margin, margin]);
    }
}
