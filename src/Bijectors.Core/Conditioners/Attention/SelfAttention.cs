using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Multi-head self-attention on (batch, tokens, width): in each head <c>softmax(Q K^T / sqrt(d)) V</c>, where Q, K and
/// V are linear maps of the tokens and d is the size of a head; a linear map puts the heads together.
/// </summary>
/// <remarks>
/// A head has the size <c>ceil(width / heads)</c>, so that any width has any number of heads. Source: Vaswani et al.
/// 2017, Attention is all you need, arXiv 1706.03762, section 3.2.
/// </remarks>
internal sealed class SelfAttention : nn.Module
{
    private readonly Dense project;
    private readonly Dense merge;
    private readonly long _heads;
    private readonly long _size;

    /// <param name="width">The width of the tokens.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    public SelfAttention(long width, long heads, Generator generator)
        : base(nameof(SelfAttention))
    {
        _heads = heads;
        _size = (width + heads - 1) / heads;
        project = new(width, 3 * heads * _size, generator);
        merge = new(heads * _size, width, generator);
        RegisterComponents();
    }

    private SelfAttention(SelfAttention source)
        : base(nameof(SelfAttention))
    {
        _heads = source._heads;
        _size = source._size;
        project = source.project.Frozen();
        merge = source.merge.Frozen();
        RegisterComponents();
    }

    /// <summary>Lets every token attend to all, or to itself and those before it.</summary>
    /// <param name="x"><c>(batch, tokens, width)</c></param>
    /// <param name="isCausal">Whether a token sees none behind it.</param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Apply(Tensor x, bool isCausal)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = Heads(x);
        return Attend(queries, keys, values, isCausal).MoveToOuterDisposeScope();
    }

    /// <summary>Lets the next token attend to itself and those before it.</summary>
    /// <param name="x"><c>(batch, 1, width)</c></param>
    /// <param name="kept">Keys and values of those before it, to which its own are added.</param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Step(Tensor x, KeyValues kept)
    {
        using var scope = NewDisposeScope();
        var (queries, key, value) = Heads(x);
        var (keys, values) = kept.Append(key, value);
        return Attend(queries, keys, values, isCausal: false).MoveToOuterDisposeScope();
    }

    /// <summary>Room for the keys and values of a sequence.</summary>
    /// <param name="items">How many sequences there are.</param>
    /// <param name="tokens">Their length.</param>
    public KeyValues Begin(long items, long tokens) => new(items, _heads, tokens, _size, project.Weight);

    /// <summary>Multiplications and additions of its products for one sequence: the linear maps, each query with each
    /// key, and each weight with its value.</summary>
    /// <param name="tokens">Its length.</param>
    public double MatrixOperations(long tokens) =>
        2.0 * tokens * (project.Weight.numel() + merge.Weight.numel() + (2 * tokens * _heads * _size));

    /// <summary>The same layer made of constants.</summary>
    public SelfAttention Frozen() => new(this);

    /// <summary>Queries, scaled by <c>1 / sqrt(d)</c>, keys and values, each (batch, heads, tokens, d).</summary>
    private (Tensor Queries, Tensor Keys, Tensor Values) Heads(Tensor x)
    {
        // One copy brings the heads before the tokens for all three, and one brings their gradients back.
        var parts = project.Apply(x).unflatten(2, [3, _heads, _size]).permute(2, 0, 3, 1, 4).flatten(0, 1).chunk(3, 0);
        return (parts[0] * (1 / Math.Sqrt(_size)), parts[1], parts[2]);
    }

    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, bool isCausal)
    {
        var scores = queries.matmul(keys.transpose(-2, -1));
        if (isCausal)
        {
            // In place: the gradients of a product do not need it.
            scores.add_(Behind(scores));
        }

        return merge.Apply(scores.softmax(-1).matmul(values).transpose(1, 2).flatten(2, 3));
    }

    /// <summary>Minus infinity for every token behind the one of the row, else 0.</summary>
    private static Tensor Behind(Tensor scores) =>
        full(scores.shape[^2..], double.NegativeInfinity, scores.dtype, scores.device).triu(1);
}
