using Bijectors.Kernels;
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
        Numbers.CheckCount(nameof(Convolution), "a number of inputs", inputs, least: 1);
        Numbers.CheckCount(nameof(Convolution), "a number of outputs", outputs, least: 1);
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
    /// <exception cref="ShapeException">Images and filters do not fit.</exception>
    public static Tensor Network(Tensor images, params ReadOnlySpan<Convolution> layers)
    {
        var tensors = new Tensor[1 + (2 * layers.Length)];
        tensors[0] = images;
        for (var i = 0; i < layers.Length; i++)
        {
            (tensors[(2 * i) + 1], tensors[(2 * i) + 2]) = (layers[i].Weight, layers[i].Bias);
        }

        Check(tensors);
        return FusedConvolution.Map(tensors);
    }

    /// <summary>The same convolution made of constants.</summary>
    public Convolution Frozen() => new(this);

    private static void Check(Tensor[] tensors)
    {
        var (shape, channels) = (tensors[0].shape, -1L);
        for (var i = 1; i < tensors.Length; i += 2)
        {
            var filters = tensors[i].shape;
            var inputs = i == 1 && shape.Length == 4 ? shape[1] : channels;
            if (filters.Length != 4 || filters[1] != inputs || filters[2] != filters[3] || filters[2] % 2 == 0)
            {
                throw new ShapeException(
                    $"convolution {i / 2}",
                    "expected images (N, channels, height, width) and filters "
                    + "(outputs, channels, size, size) of an odd size",
                    $"got images {Shape.Of(shape)}, {inputs} channels here, and filters {Shape.Of(filters)}");
            }

            channels = filters[0];
        }
    }
}
