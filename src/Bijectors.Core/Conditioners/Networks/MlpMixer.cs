using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network on (tokens, channels) whose layers mix along one axis at a time: a linear map of each token, a learned
/// vector for each place, blocks that mix the tokens of each channel and then the channels of each token, and a linear
/// map of each token. It starts at zero.
/// </summary>
/// <remarks>
/// A block is <c>h = x + W2 relu(W1 relu(x) + b1) + b2</c> along the tokens, then the same along the channels with
/// other weights. In couplings that split the channels or the tokens. The context is read beside the channels of every
/// token. Source: Tolstikhin et al. 2021, MLP-Mixer, arXiv 2105.01601, with the residual blocks of
/// <see cref="ResidualMlp"/> in place of normalization and GELU.
/// </remarks>
public sealed class MlpMixer : Conditioner, IMatrixWork
{
    // Of the vectors that say where a token is, against entries of tokens of about 1.
    private const double PositionBound = 0.02;

    private readonly Dense first;
    private readonly Tensor places;
    private readonly ModuleList<ResidualBlock> tokenBlocks;
    private readonly ModuleList<ResidualBlock> channelBlocks;
    private readonly Dense? regroup;
    private readonly Dense last;
    private readonly Shape _read;
    private readonly Shape _output;
    private readonly long _hidden;
    private readonly long? _tokenHidden;

    /// <summary>A mixer.</summary>
    /// <param name="read">The shape that is read, (tokens, channels).</param>
    /// <param name="output">The shape that comes out, (tokens, channels), with twice the channels of what is scaled and
    /// shifted; where it has another number of tokens, a linear map along them comes before the last one.</param>
    /// <param name="hidden">Channels of the tokens inside.</param>
    /// <param name="blockCount">Number of blocks.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="tokenHidden">Width of the hidden layers along the tokens; as many as the tokens if null.</param>
    /// <exception cref="ShapeException">A shape is not (tokens, channels).</exception>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public MlpMixer(
        Shape read, Shape output, long hidden, int blockCount, Generator generator, long contextSize = 0,
        long? tokenHidden = null)
        : base(contextSize)
    {
        CheckTable(read);
        CheckTable(output);
        Numbers.CheckCount(nameof(MlpMixer), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(MlpMixer), "a hidden width along the tokens", tokenHidden ?? read[-2], least: 1);
        Numbers.CheckCount(nameof(MlpMixer), "a number of blocks", blockCount, least: 0);
        MemoryLimit.CheckWeights(blockCount, 2, hidden, hidden);
        MemoryLimit.CheckWeights(blockCount, 2, read[-2], tokenHidden ?? read[-2]);
        Nesting.CheckLength(nameof(MlpMixer), blockCount);
        (_read, _output, _hidden, _tokenHidden) = (read, output, hidden, tokenHidden);
        first = new(read[-1] + contextSize, hidden, generator);
        places = Initial.Uniform(PositionBound, generator, read[-2], hidden);
        var inside = Enumerable.Range(0, blockCount);
        tokenBlocks = new([.. inside.Select(_ => new ResidualBlock(read[-2], generator, tokenHidden))]);
        channelBlocks = new([.. inside.Select(_ => new ResidualBlock(hidden, generator))]);
        regroup = read[-2] == output[-2] ? null : new(read[-2], output[-2], generator);
        last = new(hidden, output[-1], generator, gain: 0);
        RegisterComponents();
    }

    private MlpMixer(MlpMixer source)
        : base(source.ContextSize)
    {
        (_read, _output, _hidden) = (source._read, source._output, source._hidden);
        _tokenHidden = source._tokenHidden;
        first = source.first.Frozen();
        places = Initial.Snapshot(source.places);
        tokenBlocks = new([.. source.tokenBlocks.Select(block => block.Frozen())]);
        channelBlocks = new([.. source.channelBlocks.Select(block => block.Frozen())]);
        regroup = source.regroup?.Frozen();
        last = source.last.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 2;

    /// <inheritdoc/>
    public override int FeatureAxis => -1;

    /// <summary>The number of blocks.</summary>
    public int BlockCount => tokenBlocks.Count;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => TransformerNetwork.CheckTokens(
        nameof(MlpMixer), input, _read[-2], WithFeatures(input, _read[-1], _output[-1]).With(-2, _output[-2]));

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var h = first.Apply(WithContext(input, context)) + places;
        for (var i = 0; i < BlockCount; i++)
        {
            h = channelBlocks[i].Apply(AlongTokens(h, tokenBlocks[i].Apply));
        }

        h = regroup is null ? h : AlongTokens(h, regroup.Apply);
        return last.Apply(h.relu()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override MlpMixer Frozen() => new(this);

    /// <inheritdoc/>
    double IMatrixWork.MatrixOperations(Shape input) => 2.0 * (
        (_read[-2] * first.Weight.numel())
        + (_read[-2] * Weights(channelBlocks))
        + (_hidden * Weights(tokenBlocks))
        + (_hidden * (regroup?.Weight.numel() ?? 0))
        + (_output[-2] * last.Weight.numel()));

    private static long Weights(IEnumerable<ResidualBlock> blocks) =>
        blocks.Sum(block => block.First.Weight.numel() + block.Second.Weight.numel());

    private static Tensor AlongTokens(Tensor h, Func<Tensor, Tensor> map)
    {
        using var scope = NewDisposeScope();
        var columns = h.transpose(-1, -2).contiguous();
        return map(columns).transpose(-1, -2).contiguous().MoveToOuterDisposeScope();
    }

    private static void CheckTable(Shape shape)
    {
        if (shape.Rank != 2)
        {
            throw new ShapeException(nameof(MlpMixer), "expected shapes (tokens, channels)", $"got {shape}");
        }
    }
}
