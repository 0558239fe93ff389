using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A pre-normalized block of a transformer on (batch, tokens, width):
/// <c>h = x + attention(norm(x)), y = h + W2 gelu(W1 norm(h) + b1) + b2</c>.
/// </summary>
/// <remarks>Source: Xiong et al. 2020, On layer normalization in the transformer architecture, arXiv 2002.04745, figure
/// 1b.</remarks>
internal sealed class TransformerBlock : nn.Module
{
    private readonly LayerNorm attentionNorm;
    private readonly SelfAttention attention;
    private readonly LayerNorm mlpNorm;
    private readonly Dense expand;
    private readonly Dense contract;

    /// <param name="width">The width of the tokens.</param>
    /// <param name="heads">The number of heads of attention.</param>
    /// <param name="expansion">How many times the width the hidden layer has.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    public TransformerBlock(long width, long heads, long expansion, Generator generator)
        : base(nameof(TransformerBlock))
    {
        attentionNorm = new(width);
        attention = new(width, heads, generator);
        mlpNorm = new(width);
        expand = new(width, expansion * width, generator);
        contract = new(expansion * width, width, generator);
        RegisterComponents();
    }

    private TransformerBlock(TransformerBlock source)
        : base(nameof(TransformerBlock))
    {
        attentionNorm = source.attentionNorm.Frozen();
        attention = source.attention.Frozen();
        mlpNorm = source.mlpNorm.Frozen();
        expand = source.expand.Frozen();
        contract = source.contract.Frozen();
        RegisterComponents();
    }

    /// <summary>Applies the block.</summary>
    /// <param name="x"><c>(batch, tokens, width)</c></param>
    /// <param name="isCausal">Whether a token sees none behind it.</param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Apply(Tensor x, bool isCausal) => Apply(x, normed => attention.Apply(normed, isCausal));

    /// <summary>Applies the block to the next token.</summary>
    /// <param name="x"><c>(batch, 1, width)</c></param>
    /// <param name="kept">Keys and values of the tokens before it.</param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Step(Tensor x, KeyValues kept) => Apply(x, normed => attention.Step(normed, kept));

    /// <summary>Room for the keys and values of a sequence.</summary>
    /// <param name="items">How many sequences there are.</param>
    /// <param name="tokens">Their length.</param>
    public KeyValues Begin(long items, long tokens) => attention.Begin(items, tokens);

    /// <summary>Multiplications and additions of its products for one sequence.</summary>
    /// <param name="tokens">Its length.</param>
    public double MatrixOperations(long tokens) => attention.MatrixOperations(tokens)
        + (2.0 * tokens * (expand.Weight.numel() + contract.Weight.numel()));

    /// <summary>The same block made of constants.</summary>
    public TransformerBlock Frozen() => new(this);

    private Tensor Apply(Tensor x, Func<Tensor, Tensor> attend)
    {
        using var normed = attentionNorm.Apply(x);
        using var attended = attend(normed);
        using var h = x + attended;
        using var mixed = Mlp(h);
        return h + mixed;
    }

    private Tensor Mlp(Tensor h)
    {
        using var normed = mlpNorm.Apply(h);
        using var hidden = expand.Apply(normed);
        using var active = nn.functional.gelu(hidden);
        return contract.Apply(active);
    }
}
