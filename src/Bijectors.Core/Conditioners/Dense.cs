using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A linear layer <c>y = W x + b</c>, initialised from an explicit generator, where <c>torch.nn.Linear</c> draws from
/// the global one.
/// </summary>
public sealed class Dense : nn.Module
{
    // Parameters in a trained layer; in a frozen one constants, which are registered under the same names as buffers.
    private readonly Tensor weight;
    private readonly Tensor bias;

    /// <summary>A linear layer with entries uniform in <c>+-gain / sqrt(inputs)</c>.</summary>
    /// <param name="inputs">Size of x.</param>
    /// <param name="outputs">Size of y.</param>
    /// <param name="generator">What the entries are drawn from.</param>
    /// <param name="gain">1 for a hidden layer; small or 0 for a last layer that starts near zero.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public Dense(long inputs, long outputs, Generator generator, double gain = 1)
        : base(nameof(Dense))
    {
        Numbers.CheckCount(nameof(Dense), "a number of inputs", inputs, least: 1);
        Numbers.CheckCount(nameof(Dense), "a number of outputs", outputs, least: 1);
        weight = Initial.Uniform(gain / Math.Sqrt(inputs), generator, outputs, inputs);
        bias = Initial.Uniform(gain / Math.Sqrt(inputs), generator, outputs);
        RegisterComponents();
    }

    private Dense(Tensor weight, Tensor bias)
        : base(nameof(Dense))
    {
        this.weight = weight;
        this.bias = bias;
        RegisterComponents();
    }

    /// <summary>W, <c>(outputs, inputs)</c>.</summary>
    public Tensor Weight => weight;

    /// <summary>b, <c>(outputs)</c>.</summary>
    public Tensor Bias => bias;

    /// <summary>Applies the layer, by a kernel where that can take it and is faster, with gradients.</summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public Tensor Apply(Tensor x) => FusedLinear.Map(x, weight, bias);

    /// <summary>
    /// A residual network: the first layer, two for each block <c>h + W2 relu(W1 relu(h) + b1) + b2</c>, and the
    /// last layer, by kernels where those can take it, with gradients.
    /// </summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <param name="layers">The first layer, two for each block, the last.</param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public static Tensor Residual(Tensor x, IEnumerable<Dense> layers) =>
        FusedResidual.Map(x, layers.SelectMany(layer => new[] { layer.Weight, layer.Bias }));

    /// <summary>The same layer made of constants, for <see cref="Conditioner.Frozen"/> of a network that holds
    /// it.</summary>
    /// <returns>A new layer, which later training of this one does not reach.</returns>
    public Dense Frozen() => new(Initial.Snapshot(weight), Initial.Snapshot(bias));

    /// <summary>The same layer made of constants, each weight multiplied by a factor.</summary>
    /// <param name="factor">Broadcastable to <c>(outputs, inputs)</c>: a mask, or one number for all.</param>
    /// <returns>A new layer, which later training of this one does not reach.</returns>
    public Dense Frozen(Tensor factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        using var product = weight * factor;
        return new(Initial.Snapshot(product), Initial.Snapshot(bias));
    }
}
