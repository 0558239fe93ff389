using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A convolution that keeps height and width, <c>y[p] = b + sum_q W[q] x[p + q]</c>, initialised from an
/// explicit generator.
/// </summary>
public sealed class Convolution : nn.Module
{
    // Constants in a frozen convolution, as in Dense.
    private readonly Tensor weight;
    private readonly Tensor bias;

    /// <summary>A convolution with entries uniform in <c>+-gain / sqrt(inputs kernel^2)</c>.</summary>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Width and height of the kernel, odd.</param>
    /// <param name="generator">What the entries are drawn from.</param>
    /// <param name="gain">1 for a hidden layer; small or 0 for a last layer that starts near zero.</param>
    /// <exception cref="ArgumentException">A number of channels is not positive.</exception>
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

    /// <summary>
    /// Convolutions one after another, with a relu between two, by kernels where those can take them, with gradients.
    /// </summary>
    /// <param name="images"><c>(N, inputs, height, width)</c></param>
    /// <param name="layers">The convolutions.</param>
    /// <returns>A fresh tensor <c>(N, outputs, height, width)</c>.</returns>
    public static Tensor Network(Tensor images, params ReadOnlySpan<Convolution> layers) =>
        FusedConvolution.Map(images, layers);

    /// <summary>The same convolution made of constants.</summary>
    public Convolution Frozen() => new(this);
}
