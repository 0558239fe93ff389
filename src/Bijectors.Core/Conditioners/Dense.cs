using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A linear layer <c>y = W x + b</c>, initialised from an explicit generator, where <c>torch.nn.Linear</c> draws from the
/// global one.
/// </summary>
public sealed class Dense : nn.Module
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <summary>A linear layer with entries uniform in <c>+-gain / sqrt(inputs)</c>.</summary>
    /// <param name="inputs">Size of x.</param>
    /// <param name="outputs">Size of y.</param>
    /// <param name="generator">What the entries are drawn from.</param>
    /// <param name="gain">1 for a hidden layer; small or 0 for a last layer that starts near zero.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public Dense(long inputs, long outputs, Generator generator, double gain = 1)
        : base(nameof(Dense))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        weight = Initial.Uniform(gain / Math.Sqrt(inputs), generator, outputs, inputs);
        bias = Initial.Uniform(gain / Math.Sqrt(inputs), generator, outputs);
        RegisterComponents();
    }

    /// <summary>W, <c>(outputs, inputs)</c>.</summary>
    internal Tensor Weight => weight;

    /// <summary>b, <c>(outputs)</c>.</summary>
    internal Tensor Bias => bias;

    /// <summary>Applies the layer.</summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public Tensor Apply(Tensor x) => nn.functional.linear(x, weight, bias);

    /// <summary>Applies the layer with some weights switched off.</summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <param name="mask">1 where a weight counts and 0 where it does not, <c>(outputs, inputs)</c>.</param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public Tensor Apply(Tensor x, Tensor mask)
    {
        using var masked = weight * mask;
        return nn.functional.linear(x, masked, bias);
    }
}
