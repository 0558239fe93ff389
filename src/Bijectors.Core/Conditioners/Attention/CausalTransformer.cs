using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A causal transformer on (tokens, channels): the parameters of a token depend on the tokens before it only, and on
/// the whole context. It starts at zero, so that a fresh layer is the identity.
/// </summary>
/// <remarks>
/// What is read is the sequence behind a learned first token, <c>(start, x_1, ..., x_N-1)</c>, so that place i, whose
/// parameters are those of token i, sees the tokens before i by attention to itself and the places before it. (TarFlow
/// shifts the output instead, which leaves the first token as it is.) The parameters of the first token depend on the
/// context alone. The context is read beside the channels of every token, start included, and so enters by a linear
/// map, as the class does in TarFlow. Source: Zhai et al. 2024, Normalizing flows are capable generative models, arXiv
/// 2412.06329, section 2.2; Vaswani et al. 2017, Attention is all you need, arXiv 1706.03762.
/// </remarks>
public sealed class CausalTransformer : CausalConditioner, IMatrixWork
{
    private const double StartBound = 0.02;

    private readonly Tensor start;
    private readonly TransformerNetwork transformer;
    private readonly long _features;
    private readonly long _tokens;
    private readonly long _hidden;
    private readonly int _heads;
    private readonly int _expansion;

    /// <summary>A causal transformer.</summary>
    /// <param name="features">Channels of a token.</param>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="hidden">Width of the tokens inside.</param>
    /// <param name="blockCount">Number of blocks of attention and a hidden layer.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="outputs">How many parameters each feature has: 2 are a log-scale and a shift.</param>
    /// <param name="heads">Heads of attention.</param>
    /// <param name="expansion">How many times the width the hidden layer of a block has.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public CausalTransformer(
        long features, long tokens, long hidden, int blockCount, Generator generator, long contextSize = 0,
        int outputs = 2, int heads = 4, int expansion = 4)
        : base(contextSize, outputs)
    {
        Numbers.CheckCount(nameof(CausalTransformer), "a number of features", features, least: 1);
        (_features, _tokens, _hidden, _heads, _expansion) = (features, tokens, hidden, heads, expansion);
        var sizes = new TransformerSizes(tokens, hidden, blockCount, heads, expansion);
        transformer = new(nameof(CausalTransformer), features + contextSize, outputs * features, sizes, generator);
        start = Initial.Uniform(StartBound, generator, features);
        RegisterComponents();
    }

    private CausalTransformer(CausalTransformer source)
        : base(source.ContextSize, source.Outputs)
    {
        (_features, _tokens, _hidden) = (source._features, source._tokens, source._hidden);
        (_heads, _expansion) = (source._heads, source._expansion);
        transformer = source.transformer.Frozen();
        start = Initial.Snapshot(source.start);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 2;

    /// <inheritdoc/>
    public override int FeatureAxis => -1;

    /// <inheritdoc/>
    public override int CausalAxis => -2;

    /// <summary>The number of blocks.</summary>
    public int BlockCount => transformer.BlockCount;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => TransformerNetwork.CheckTokens(
        nameof(CausalTransformer), input, _tokens, WithFeatures(input, _features, Outputs * _features));

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var before = input.narrow(-2, 0, _tokens - 1);
        var shifted = cat([First(input), before], -2);
        var read = TransformerNetwork.Rows(WithContext(shifted, context));
        return transformer.Apply(read, isCausal: true)
            .reshape([.. input.shape[..^1], Outputs * _features]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Begins a pass that is given one token after another and keeps the keys and values of all: a whole pass does the
    /// products of one evaluation. It runs without gradients, and the weights must stay as they are until it ends.
    /// </summary>
    /// <inheritdoc/>
    public override ConditionerPass Begin(Tensor like, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(like);
        CheckEvent(like);
        using var aligned = Aligned(like, context);
        return new Pass(this, like, aligned);
    }

    /// <summary>The tokens and their channels.</summary>
    public override string ToString() => $"{_tokens} tokens of {_features}";

    /// <inheritdoc/>
    public override CausalTransformer Frozen() => new(this);

    /// <inheritdoc/>
    double IMatrixWork.MatrixOperations(Shape input) => transformer.MatrixOperations(_tokens);

    private Tensor First(Tensor input) => start.expand([.. input.shape[..^2], 1, _features]);

    /// <summary>The network token by token; all that it keeps has its memory from the beginning.</summary>
    private sealed class Pass : ConditionerPass
    {
        private readonly CausalTransformer _network;
        private readonly IReadOnlyList<KeyValues> _kept;
        private readonly Tensor? _context;
        private readonly Tensor _last;
        private readonly Tensor _parameters;
        private long _known;
        private bool _isEvaluated;
        private bool _disposed;

        public Pass(CausalTransformer network, Tensor like, Tensor? context)
            : base(network)
        {
            using var leaving = no_grad();
            _network = network;
            using var first = network.First(like);
            _last = first.clone();
            _parameters = empty([.. first.shape[..^1], network.Outputs * network._features], like.dtype, like.device);
            _context = context?.clone();
            _kept = network.transformer.Begin(Shape.OfPart(like.shape.AsSpan()[..^2]).Size);
        }

        /// <inheritdoc/>
        public override Tensor Evaluate()
        {
            using var leaving = no_grad();
            Read();
            return _parameters.clone();
        }

        /// <inheritdoc/>
        /// <exception cref="InvalidOperationException">All tokens are known.</exception>
        public override void Append(Tensor entry)
        {
            ArgumentNullException.ThrowIfNull(entry);
            using var leaving = no_grad();
            Read();
            using var shaped = entry.reshape(_last.shape);
            _last.copy_(shaped);
            _isEvaluated = false;
            _known++;
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            _disposed = true;
            _last.Dispose();
            _parameters.Dispose();
            _context?.Dispose();
            foreach (var kept in _kept)
            {
                kept.Dispose();
            }
        }

        /// <summary>Reads the last token, once: its keys and values are added to those kept.</summary>
        private void Read()
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_known == _network._tokens)
            {
                throw new InvalidOperationException(
                    $"{nameof(CausalTransformer)}: expected at most {_known} entries in a pass, got one more.");
            }

            if (!_isEvaluated)
            {
                using var scope = NewDisposeScope();
                var read = TransformerNetwork.Rows(_network.WithContext(_last, _context));
                var output = _network.transformer.Step(read, _known, _kept);
                _parameters.copy_(output.reshape(_parameters.shape));
                _isEvaluated = true;
            }
        }
    }
}
