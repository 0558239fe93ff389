using Bijectors.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A masked autoregressive network: what it gives for a feature depends on the features before it only, and on the
/// whole context.
/// </summary>
/// <remarks>
/// Input feature i has degree i, all outputs of feature i degree i, and hidden units go round the degrees 1..D-1, with
/// a context 0..D-1 (in a narrower network they are spread over them); a weight counts where the degree behind it is
/// not below the degree before it, for outputs: above it. The output is <c>[first number of features 1..D | second
/// number of features 1..D | ...]</c>, by default log-scales and then shifts (nflows interleaves the two).
/// <see cref="MadeOptions"/> has other orders, degrees, numbers of outputs, activations and blocks, and other ways for
/// the context to enter. Order and degrees are saved as the masks that come from them; masks that are written into the
/// state are read at the next use, and refused where they come from no order and no degrees. Source: Germain et al.
/// 2015, MADE, arXiv 1502.03509; Papamakarios et al. 2017, MAF, arXiv 1705.07057.
/// </remarks>
public sealed class Made : CausalConditioner
{
    private readonly Dense initial;
    private readonly ModuleList<ResidualBlock>? blocks;
    private readonly ModuleList<Dense>? layers;
    private readonly Dense final;

    // None in a frozen network: its weights have been multiplied by them.
    private readonly Tensor? inputMask;
    private readonly Tensor? hiddenMask;
    private readonly Tensor? outputMask;
    private readonly HiddenLayers between;

    // What the masks are known to say, until somebody has had them in hands.
    private volatile MadePlan _plan;
    private volatile bool _isRead = true;

    /// <summary>A masked network.</summary>
    /// <param name="features">The number D of features.</param>
    /// <param name="hidden">Width of the hidden layers; with D - 1 or more there are units for every feature.</param>
    /// <param name="blockCount">Number of residual blocks, or of plain layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="options">How it is put together; as usual by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, the order is none of all features, there is not one
    /// degree from 0 to D - 1 for each hidden unit, or options contradict each other.</exception>
    public Made(
        long features, long hidden, int blockCount, Generator generator, long contextSize = 0,
        MadeOptions? options = null)
        : base(contextSize, options?.Outputs ?? 2)
    {
        options ??= new();
        Numbers.CheckCount(nameof(Made), "a number of features", features, least: 1);
        Numbers.CheckCount(nameof(Made), "a number of blocks", blockCount, least: 0);
        var hiddenOptions = new HiddenOptions(
            options.Activation, options.IsResidual, options.ContextEntry, options.Normalization);
        hiddenOptions.Check(nameof(Made));
        if (options.Normalization == HiddenNormalization.Layer)
        {
            throw new ArgumentException(
                "Made: expected a normalization of each hidden unit alone, None or Affine, got Layer, which mixes "
                + "units of all degrees.",
                nameof(options));
        }

        Numbers.CheckFinite(nameof(Made), options.OutputGain);
        MadeDegrees.Check(features, hidden, options);
        Features = features;
        Hidden = hidden;
        MemoryLimit.CheckWeights(blockCount, options.IsResidual ? 2 : 1, hidden, hidden);
        Nesting.CheckLength(nameof(Made), blockCount);
        var beside = hiddenOptions.ReadsBeside ? contextSize : 0;
        initial = new(features + beside, hidden, generator);
        var inside = Enumerable.Range(0, blockCount);
        if (options.IsResidual)
        {
            blocks = new([.. inside.Select(_ => new ResidualBlock(hidden, generator))]);
        }
        else
        {
            layers = new([.. inside.Select(_ => new Dense(hidden, hidden, generator))]);
        }

        final = new(hidden, Outputs * features, generator, options.OutputGain);
        between = new(
            nameof(Made), 2 + ((options.IsResidual ? 2 : 1) * blockCount), hidden, axis: -1, hiddenOptions, contextSize,
            generator);

        var order = MadeDegrees.Order(features, hidden, contextSize, options, generator);
        inputMask = Initial.Buffer(order.InputMask(beside));
        hiddenMask = Initial.Buffer(order.HiddenMask());
        outputMask = Initial.Buffer(order.OutputMask(Outputs));
        _plan = Plan(order);
        RegisterComponents();
    }

    private Made(Made source)
        : base(source.ContextSize, source.Outputs)
    {
        Features = source.Features;
        Hidden = source.Hidden;
        _plan = source.Current();
        between = source.between.Frozen();
        initial = Masked(source.initial, source.inputMask);
        blocks = source.blocks is null ? null
            : new([.. source.blocks.Select(block => block.Frozen(source.hiddenMask))]);
        layers = source.layers is null ? null
            : new([.. source.layers.Select(layer => Masked(layer, source.hiddenMask))]);
        final = Masked(source.final, source.outputMask);
        RegisterComponents();
    }

    /// <summary>The number D of features.</summary>
    public long Features { get; }

    /// <summary>The feature at each place of the order.</summary>
    /// <exception cref="InvalidOperationException">Masks have been loaded that come from no order.</exception>
    public override IReadOnlyList<int> Order => Current().Order.Places;

    /// <summary>The width of the hidden layers.</summary>
    public long Hidden { get; }

    /// <summary>The number of residual blocks, or of plain layers.</summary>
    public int BlockCount => blocks?.Count ?? layers!.Count;

    /// <summary>The activation between the linear layers.</summary>
    public Activation Activation => between.Options.Activation;

    /// <summary>How the context enters.</summary>
    public ContextEntry ContextEntry => between.Options.ContextEntry;

    /// <summary>What hidden units go through before each activation.</summary>
    public HiddenNormalization Normalization => between.Options.Normalization;

    /// <summary>Whether the hidden layers are residual blocks.</summary>
    public bool IsResidual => layers is null;

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, Features, Outputs * Features);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Masks have been loaded that come from no order and no
    /// degrees.</exception>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        var plan = Current();
        using var aligned = Aligned(input, context);
        using var joined = between.Options.ReadsBeside ? WithContext(input, context) : input.alias();
        var network = Network(plan.Order);
        Tensor[]? masks = inputMask is null
            ? null : [inputMask, .. Enumerable.Repeat(hiddenMask!, network.Hidden.Count), outputMask!];
        if (network.HasKernel)
        {
            return FusedResidual.Map(joined, network.Parameters, masks, plan.Staircases, plan.Sorting);
        }

        Dense[] dense = [.. network.Layers];
        return between.Map(joined, aligned, (layer, x) =>
        {
            using var masked = masks is null ? null : dense[layer].Weight * masks[layer];
            return nn.functional.linear(x, masked ?? dense[layer].Weight, dense[layer].Bias);
        });
    }

    /// <summary>
    /// Begins a pass that is given one feature after another, in their order, and never computes anything twice. It
    /// runs without gradients, and the weights must stay as they are until it ends.
    /// </summary>
    /// <param name="like">A tensor like the point, <c>(batch..., D)</c>; only its shape counts.</param>
    /// <param name="context">As in <see cref="Evaluate"/>.</param>
    /// <returns>The pass, the caller's to dispose.</returns>
    /// <exception cref="ShapeException">The point or the context has another size than declared.</exception>
    /// <exception cref="ArgumentException">A context is needed and there is none.</exception>
    /// <exception cref="InvalidOperationException">Masks have been loaded that come from no order and no
    /// degrees.</exception>
    public override MadePass Begin(Tensor like, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(like);
        CheckEvent(like);
        using var aligned = Aligned(like, context);
        return new(this, like.shape[..^1], aligned, Network(Current().Order));
    }

    /// <summary>The number of features.</summary>
    public override string ToString() => $"{Features}";

    /// <inheritdoc/>
    public override Made Frozen() => new(this);

    // Whoever has the masks in hands may write over them: they are read again at the next use.

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> state_dict(
        Dictionary<string, Tensor>? destination = null, string? prefix = null)
    {
        _isRead = false;
        return base.state_dict(destination, prefix);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(
        bool recurse = true, bool include_nonpersistent = true)
    {
        _isRead = false;
        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <inheritdoc/>
    public override IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        // Its own alone are asked for in every call of a bijector, for their dtype.
        _isRead &= !recurse;
        return base.named_buffers(recurse, include_nonpersistent).Select(row => row.buffer);
    }

    /// <inheritdoc/>
    public override Tensor? get_buffer(string target)
    {
        _isRead = false;
        return base.get_buffer(target);
    }

    private static Dense Masked(Dense layer, Tensor? mask) => mask is null ? layer.Frozen() : layer.Frozen(mask);

    /// <summary>The order and the degrees, read from the masks again where those may have changed.</summary>
    private MadePlan Current()
    {
        if (_isRead || inputMask is null)
        {
            return _plan;
        }

        // First this, so that a change while they are read is seen the next time.
        _isRead = true;
        try
        {
            var order = new MadeMasks(inputMask, hiddenMask!, outputMask!).Order((int)Features, _plan.Order);
            return order == _plan.Order ? _plan : _plan = Plan(order);
        }
        catch
        {
            _isRead = false;
            throw;
        }
    }

    private MadeNetwork Network(MadeOrder order) => new(
        order, initial, [.. layers ?? blocks!.SelectMany(block => new[] { block.First, block.Second })], final,
        Outputs, between);

    private MadePlan Plan(MadeOrder order) => new(
        order, between.Options.ReadsBeside ? (int)ContextSize : 0, 2 * (blocks?.Count ?? 0), Outputs);
}
