using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A gated residual block on images: <c>(a, b) = W2 * f(W1 * f(x)), y = norm(x + a sigmoid(b))</c>, where
/// <c>f(h) = (elu(h), elu(-h))</c> is the concatenated ELU, W1 a 3x3 and W2 a 1x1 convolution; then, where there are
/// heads, self-attention between all pixels, gated and normalized the same way.
/// </summary>
/// <remarks>Source: Ho et al. 2019, Flow++, arXiv 1902.00275, section 3.3; the concatenated ELU and the gate are those
/// of Salimans et al. 2017, PixelCNN++, arXiv 1701.05517.</remarks>
internal sealed class GatedBlock : nn.Module
{
    /// <summary>How many matrices of hidden times hidden channels a block has without attention.</summary>
    public const long KernelsOfBlock = (2 * 9) + 4;

    private readonly Convolution spread;
    private readonly Convolution gate;
    private readonly LayerNorm norm;
    private readonly SelfAttention? attention;
    private readonly Dense? attentionGate;
    private readonly LayerNorm? attentionNorm;

    /// <param name="width">Channels.</param>
    /// <param name="heads">Heads of attention, 0 for none.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    public GatedBlock(long width, int heads, Generator generator)
        : base(nameof(GatedBlock))
    {
        spread = new(2 * width, width, 3, generator);
        gate = new(2 * width, 2 * width, 1, generator);
        norm = new(width);
        if (heads > 0)
        {
            attention = new(width, heads, generator);
            attentionGate = new(width, 2 * width, generator);
            attentionNorm = new(width);
        }

        RegisterComponents();
    }

    private GatedBlock(GatedBlock source)
        : base(nameof(GatedBlock))
    {
        spread = source.spread.Frozen();
        gate = source.gate.Frozen();
        norm = source.norm.Frozen();
        attention = source.attention?.Frozen();
        attentionGate = source.attentionGate?.Frozen();
        attentionNorm = source.attentionNorm?.Frozen();
        RegisterComponents();
    }

    /// <summary>The concatenated ELU, <c>(elu(h), elu(-h))</c> side by side.</summary>
    /// <param name="h"><c>(N, channels, height, width)</c></param>
    /// <returns>A fresh tensor of twice the channels.</returns>
    public static Tensor Activated(Tensor h)
    {
        using var negative = -h;
        using var both = cat([h, negative], 1);
        return nn.functional.elu(both, 1);
    }

    /// <summary>Applies the block.</summary>
    /// <param name="x"><c>(N, channels, height, width)</c></param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var hidden = Convolution.Network(Activated(x), spread);
        var gated = Convolution.Network(Activated(hidden), gate);

        // Pixels as tokens, so that channels are the last dimension.
        var tokens = norm.Apply((x + Gated(gated, 1)).flatten(2).transpose(1, 2));
        if (attention is not null)
        {
            var attended = attentionGate!.Apply(attention.Apply(tokens, isCausal: false));
            tokens = attentionNorm!.Apply(tokens + Gated(attended, 2));
        }

        return tokens.transpose(1, 2).reshape(x.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Multiplications and additions of its products for one image.</summary>
    /// <param name="pixels">Pixels of the image.</param>
    public double MatrixOperations(long pixels) => (attention?.MatrixOperations(pixels) ?? 0)
        + (2.0 * pixels * (spread.Weight.numel() + gate.Weight.numel() + (attentionGate?.Weight.numel() ?? 0)));

    /// <summary>The same block made of constants.</summary>
    public GatedBlock Frozen() => new(this);

    private static Tensor Gated(Tensor halves, int dim)
    {
        var parts = halves.chunk(2, dim);
        return parts[0] * parts[1].sigmoid();
    }
}
