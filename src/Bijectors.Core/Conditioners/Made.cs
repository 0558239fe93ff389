using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A masked autoregressive residual network: the log-scale and the shift of feature i depend on the features before i
/// only, and on the whole context. Input order is the order of the features.
/// </summary>
/// <remarks>
/// Input feature i has degree i, both outputs of feature i degree i, and hidden units go round the degrees 1..D-1, with a
/// context 0..D-1 (in a narrower network they are spread over them); a weight
/// counts where the degree behind it is not below the degree before it, for outputs: above it. The output is
/// <c>[log-scale 1..D | shift 1..D]</c> (nflows interleaves the two).
/// Source: Germain et al. 2015, MADE, arXiv 1502.03509; Papamakarios et al. 2017, MAF, arXiv 1705.07057.
/// </remarks>
[Causal(Incremental = nameof(Begin))]
public sealed class Made : Conditioner
{
    private readonly Dense initial;
    private readonly ModuleList<ResidualBlock> blocks;
    private readonly Dense final;

    // None in a frozen network: its weights have been multiplied by them.
    private readonly Tensor? inputMask;
    private readonly Tensor? hiddenMask;
    private readonly Tensor? outputMask;
    private readonly MadeOrder _order;
    private readonly long _hidden;
    private readonly Staircase[] _staircases;

    /// <summary>A masked network.</summary>
    /// <param name="features">The number D of features.</param>
    /// <param name="hidden">Width of the hidden layers; D - 1 or more let every feature be heard by itself.</param>
    /// <param name="blockCount">Number of residual blocks.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public Made(long features, long hidden, int blockCount, Generator generator, long contextSize = 0)
        : base(contextSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(blockCount);
        Features = features;
        _hidden = hidden;
        MemoryLimit.CheckWeights(Math.Min(1, blockCount), hidden, hidden);
        initial = new(features + contextSize, hidden, generator);
        blocks = new([.. Enumerable.Range(0, blockCount).Select(_ => new ResidualBlock(hidden, generator))]);
        final = new(hidden, 2 * features, generator, gain: 1e-2);

        using var scope = NewDisposeScope();
        var visible = arange(1, features + 1);
        var degrees = Degrees(features, hidden, contextSize);
        _order = new(degrees, (int)features);
        _staircases = _order.Staircases((int)contextSize, blockCount);
        var inside = tensor(degrees);
        var heard = (inside.unsqueeze(-1) >= visible).to(ScalarType.Float32);
        inputMask = Initial.Buffer(cat([heard, ones(hidden, contextSize, ScalarType.Float32)], -1));
        hiddenMask = Initial.Buffer((inside.unsqueeze(-1) >= inside).to(ScalarType.Float32));
        outputMask = Initial.Buffer((visible.repeat(2).unsqueeze(-1) > inside).to(ScalarType.Float32));
        RegisterComponents();
    }

    private Made(Made source)
        : base(source.ContextSize)
    {
        Features = source.Features;
        _hidden = source._hidden;
        (_order, _staircases) = (source._order, source._staircases);
        initial = Masked(source.initial, source.inputMask);
        blocks = new([.. source.blocks.Select(block => block.Frozen(source.hiddenMask))]);
        final = Masked(source.final, source.outputMask);
        RegisterComponents();
    }

    /// <summary>The number D of features.</summary>
    public long Features { get; }

    /// <summary>The number of residual blocks.</summary>
    public int BlockCount => blocks.Count;

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, Features, 2 * Features);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var aligned = Aligned(context, input);
        using var joined = aligned is null ? input.alias() : cat([input, aligned], -1);
        Tensor[]? masks = inputMask is null ? null : [inputMask, .. Enumerable.Repeat(hiddenMask!, 2 * blocks.Count), outputMask!];
        return FusedResidual.Map(joined, ResidualBlock.Layers(initial, blocks, final), masks, _staircases);
    }

    /// <summary>Begins a pass that is told one feature after another and never computes anything twice. It runs without gradients, and the weights must stay as they are
    /// until it ends.</summary>
    /// <param name="like">A tensor like the point, <c>(batch..., D)</c>; only its shape counts.</param>
    /// <param name="context">As in <see cref="Evaluate"/>.</param>
    /// <returns>The pass, the caller's to dispose.</returns>
    /// <exception cref="ShapeException">The point or the context has another size than declared.</exception>
    /// <exception cref="ArgumentException">A context is needed and there is none.</exception>
    public MadePass Begin(Tensor like, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(like);
        CheckEvent(like);
        using var aligned = Aligned(context, like);
        return new(like.shape[..^1], _order, aligned, initial, blocks, final);
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new Made(this);

    private static Dense Masked(Dense layer, Tensor? mask) => mask is null ? layer.Frozen() : layer.Frozen(mask);

    private static long[] Degrees(long features, long hidden, long contextSize)
    {
        // The first feature hears the context through the units of degree 0; without context they would carry nothing.
        var lowest = contextSize > 0 ? 0 : Math.Min(1, features - 1);
        var count = features - lowest;
        return [.. Enumerable.Range(0, (int)hidden).Select(k => lowest + (hidden < count ? k * count / hidden : k % count))];
    }
}
