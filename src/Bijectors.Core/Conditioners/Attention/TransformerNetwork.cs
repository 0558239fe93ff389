using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// What the networks on (tokens, channels) have inside: a linear map of each token, a learned vector for each place,
/// blocks of attention, a last normalization and a linear map that starts at zero.
/// </summary>
internal sealed class TransformerNetwork : nn.Module
{
    // Of the vectors that say where a token is, against entries of tokens of about 1.
    private const double PositionBound = 0.02;

    private readonly Dense first;
    private readonly Tensor positions;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Dense last;

    /// <param name="whose">The network, for messages.</param>
    /// <param name="inputs">Channels of a token, and of its context.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="sizes">The other sizes.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public TransformerNetwork(string whose, long inputs, long outputs, TransformerSizes sizes, Generator generator)
        : base(nameof(TransformerNetwork))
    {
        sizes.Check(whose);
        var hidden = sizes.Hidden;
        first = new(inputs, hidden, generator);
        positions = Initial.Uniform(PositionBound, generator, sizes.Tokens, hidden);
        blocks = new([.. Enumerable.Range(0, sizes.BlockCount)
            .Select(_ => new TransformerBlock(hidden, sizes.Heads, sizes.Expansion, generator))]);
        norm = new(hidden);
        last = new(hidden, outputs, generator, gain: 0);
        RegisterComponents();
    }

    private TransformerNetwork(TransformerNetwork source)
        : base(nameof(TransformerNetwork))
    {
        first = source.first.Frozen();
        positions = Initial.Snapshot(source.positions);
        blocks = new([.. source.blocks.Select(block => block.Frozen())]);
        norm = source.norm.Frozen();
        last = source.last.Frozen();
        RegisterComponents();
    }

    /// <summary>The number of blocks.</summary>
    public int BlockCount => blocks.Count;

    /// <summary>Sequences as one batch.</summary>
    /// <param name="points"><c>(batch..., tokens, channels)</c></param>
    /// <returns>A fresh tensor <c>(items, tokens, channels)</c>.</returns>
    public static Tensor Rows(Tensor points) =>
        points.reshape([Shape.OfPart(points.shape.AsSpan()[..^2]).Size, .. points.shape[^2..]]);

    /// <summary>Checks that an event has the tokens that were declared.</summary>
    /// <param name="whose">The network, for messages.</param>
    /// <param name="input">The shape that is read.</param>
    /// <param name="tokens">How many tokens it must have.</param>
    /// <param name="output">The shape that comes out.</param>
    /// <exception cref="ShapeException">It has others.</exception>
    public static Shape CheckTokens(string whose, Shape input, long tokens, Shape output) => input[-2] == tokens
        ? output
        : throw new ShapeException(whose, $"expected {tokens} tokens in dimension -2", $"got {input}");

    /// <summary>Multiplications and additions of the products for one sequence, those of attention included.</summary>
    /// <param name="tokens">Its length.</param>
    public double MatrixOperations(long tokens) =>
        (2.0 * tokens * (first.Weight.numel() + last.Weight.numel()))
        + blocks.Sum(block => block.MatrixOperations(tokens));

    /// <summary>Maps all tokens.</summary>
    /// <param name="x"><c>(batch, tokens, inputs)</c></param>
    /// <param name="isCausal">Whether a token sees none behind it.</param>
    /// <returns>A fresh tensor <c>(batch, tokens, outputs)</c>.</returns>
    public Tensor Apply(Tensor x, bool isCausal) => Apply(x, positions, (block, h, _) => block.Apply(h, isCausal));

    /// <summary>Maps the next token.</summary>
    /// <param name="x"><c>(batch, 1, inputs)</c></param>
    /// <param name="place">Its place.</param>
    /// <param name="kept">Keys and values of the tokens before it, for each block.</param>
    /// <returns>A fresh tensor <c>(batch, 1, outputs)</c>.</returns>
    public Tensor Step(Tensor x, long place, IReadOnlyList<KeyValues> kept)
    {
        using var position = positions.narrow(0, place, 1);
        return Apply(x, position, (block, h, i) => block.Step(h, kept[i]));
    }

    /// <summary>Room for the keys and values of every block.</summary>
    /// <param name="items">How many sequences there are.</param>
    public IReadOnlyList<KeyValues> Begin(long items) =>
        [.. blocks.Select(block => block.Begin(items, positions.size(0)))];

    /// <summary>The same made of constants.</summary>
    public TransformerNetwork Frozen() => new(this);

    private Tensor Apply(Tensor x, Tensor places, Func<TransformerBlock, Tensor, int, Tensor> map)
    {
        using var read = first.Apply(x);
        var h = read + places;
        for (var i = 0; i < blocks.Count; i++)
        {
            using var previous = h;
            h = map(blocks[i], previous, i);
        }

        using (h)
        {
            using var normed = norm.Apply(h);
            return last.Apply(normed);
        }
    }
}
