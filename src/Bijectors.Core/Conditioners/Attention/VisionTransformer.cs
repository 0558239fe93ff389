using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A transformer on (tokens, channels) in which every token attends to all, for couplings that split the channels or
/// the tokens. It starts at zero, so that a fresh coupling does not look at its input.
/// </summary>
/// <remarks>The context is read beside the channels of every token. Source: Dosovitskiy et al. 2021, An image is worth
/// 16x16 words, arXiv 2010.11929; in couplings Kolesnikov, Pinto, Tschannen 2024, Jet, arXiv 2412.15129.</remarks>
public sealed class VisionTransformer : Conditioner, IMatrixWork
{
    private readonly TransformerNetwork transformer;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _tokens;
    private readonly long _hidden;
    private readonly int _heads;
    private readonly int _expansion;

    /// <summary>A transformer.</summary>
    /// <param name="inputs">Channels of a token; 0 where it reads the context alone.</param>
    /// <param name="outputs">Channels of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="hidden">Width of the tokens inside.</param>
    /// <param name="blockCount">Number of blocks of attention and a hidden layer.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="heads">Heads of attention.</param>
    /// <param name="expansion">How many times the width the hidden layer of a block has.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public VisionTransformer(
        long inputs, long outputs, long tokens, long hidden, int blockCount, Generator generator, long contextSize = 0,
        int heads = 4, int expansion = 4)
        : base(contextSize)
    {
        const string name = nameof(VisionTransformer);
        Numbers.CheckCount(name, "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(name, "a number of outputs", outputs, least: 1);
        (_inputs, _outputs, _tokens, _hidden) = (inputs, outputs, tokens, hidden);
        (_heads, _expansion) = (heads, expansion);
        var sizes = new TransformerSizes(tokens, hidden, blockCount, heads, expansion);
        transformer = new(name, inputs + contextSize, outputs, sizes, generator);
        RegisterComponents();
    }

    private VisionTransformer(VisionTransformer source)
        : base(source.ContextSize)
    {
        (_inputs, _outputs, _tokens, _hidden) = (source._inputs, source._outputs, source._tokens, source._hidden);
        (_heads, _expansion) = (source._heads, source._expansion);
        transformer = source.transformer.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 2;

    /// <inheritdoc/>
    public override int FeatureAxis => -1;

    /// <summary>The number of blocks.</summary>
    public int BlockCount => transformer.BlockCount;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => TransformerNetwork.CheckTokens(
        nameof(VisionTransformer), input, _tokens, WithFeatures(input, _inputs, _outputs));

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var read = TransformerNetwork.Rows(WithContext(input, context));
        return transformer.Apply(read, isCausal: false).reshape([.. input.shape[..^1], _outputs])
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new VisionTransformer(this);

    /// <inheritdoc/>
    double IMatrixWork.MatrixOperations(Shape input) => transformer.MatrixOperations(_tokens);
}
