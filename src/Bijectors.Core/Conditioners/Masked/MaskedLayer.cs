using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A linear layer of which some weights count: <c>y = (W * M) x + b</c>.</summary>
internal sealed class MaskedLayer : nn.Module
{
    private readonly Dense dense;

    // None in a frozen layer: its weights have been multiplied by it.
    private readonly Tensor? mask;

    /// <param name="mask">Which weights count, <c>(outputs, inputs)</c>.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="gain">As of <see cref="Dense"/>.</param>
    public MaskedLayer(Tensor mask, Generator generator, double gain)
        : base(nameof(MaskedLayer))
    {
        dense = new(mask.size(1), mask.size(0), generator, gain);
        using var isZero = mask == 0;
        using var counts = isZero.logical_not();
        this.mask = Initial.Buffer(counts.to(ScalarType.Float32));
        RegisterComponents();
    }

    private MaskedLayer(Dense dense)
        : base(nameof(MaskedLayer))
    {
        this.dense = dense;
        RegisterComponents();
    }

    /// <summary>M; null in a frozen layer.</summary>
    public Tensor? Mask => mask;

    /// <summary>Applies the layer.</summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public Tensor Apply(Tensor x)
    {
        using var masked = mask is null ? null : dense.Weight * mask;
        return nn.functional.linear(x, masked ?? dense.Weight, dense.Bias);
    }

    /// <summary>The same layer made of constants.</summary>
    public MaskedLayer Frozen() => new(mask is null ? dense.Frozen() : dense.Frozen(mask));
}
