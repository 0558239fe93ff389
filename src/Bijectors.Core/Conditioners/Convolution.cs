using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A convolution that keeps height and width, initialised from an explicit generator.</summary>
internal sealed class Convolution : nn.Module
{
    private readonly Parameter weight;
    private readonly Parameter bias;

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

    /// <summary>Applies it to <c>(N, inputs, height, width)</c>.</summary>
    public Tensor Apply(Tensor x)
    {
        var margin = weight.shape[^1] / 2;
        return nn.functional.conv2d(x, weight, bias, padding: [margin, margin]);
    }
}
