using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A residual network on features: a linear layer, pre-activation residual blocks, a linear layer that starts near
/// zero. The context, where there is one, is read beside the input. <see cref="ResidualMlpOptions"/> has plain layers,
/// other activations, layer normalisation, and other ways for the context to enter.
/// </summary>
/// <remarks>Source: the <c>ResidualNet</c> of nflows, after He et al. 2016, Identity mappings in deep residual
/// networks, arXiv 1603.05027.</remarks>
public sealed class ResidualMlp : Conditioner
{
    private readonly Dense initial;
    private readonly ModuleList<ResidualBlock>? blocks;
    private readonly ModuleList<Dense>? layers;
    private readonly Dense final;
    private readonly HiddenLayers between;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>A residual network.</summary>
    /// <param name="inputs">Features of the input; 0 where it reads the context alone.</param>
    /// <param name="outputs">Features of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="blockCount">Number of residual blocks.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public ResidualMlp(
        long inputs, long outputs, long hidden, int blockCount, Generator generator, long contextSize = 0)
        : this(inputs, outputs, hidden, blockCount, generator, contextSize, new())
    {
    }

    /// <summary>A network with options.</summary>
    /// <param name="inputs">Features of the input; 0 where it reads the context alone.</param>
    /// <param name="outputs">Features of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="blockCount">Number of residual blocks, or of plain layers behind the first.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="options">How it is put together.</param>
    /// <exception cref="ArgumentException">A size is not positive, or options contradict each other.</exception>
    public ResidualMlp(
        long inputs, long outputs, long hidden, int blockCount, Generator generator, long contextSize,
        ResidualMlpOptions options)
        : base(contextSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        Numbers.CheckCount(nameof(ResidualMlp), "a number of inputs", inputs, least: 0);
        Numbers.CheckCount(nameof(ResidualMlp), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(ResidualMlp), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(ResidualMlp), "a number of blocks", blockCount, least: 0);
        Numbers.CheckFinite(nameof(ResidualMlp), options.OutputGain);
        var hiddenOptions = new HiddenOptions(
            options.Activation, options.IsResidual, options.ContextEntry, options.Normalization);
        hiddenOptions.Check(nameof(ResidualMlp));
        _inputs = inputs;
        _outputs = outputs;
        _hidden = hidden;
        Options = options;
        var perBlock = options.IsResidual ? 2 : 1;
        MemoryLimit.CheckWeights(blockCount, perBlock, hidden, hidden);
        Nesting.CheckLength(nameof(ResidualMlp), blockCount);
        initial = new(hiddenOptions.Read(nameof(ResidualMlp), inputs, contextSize), hidden, generator);
        var inside = Enumerable.Range(0, blockCount);
        if (options.IsResidual)
        {
            blocks = new([.. inside.Select(_ => new ResidualBlock(hidden, generator))]);
        }
        else
        {
            layers = new([.. inside.Select(_ => new Dense(hidden, hidden, generator))]);
        }

        final = new(hidden, outputs, generator, options.OutputGain);
        between = new(
            nameof(ResidualMlp), 2 + (perBlock * blockCount), hidden, axis: -1, hiddenOptions, contextSize, generator);
        RegisterComponents();
    }

    private ResidualMlp(ResidualMlp source)
        : base(source.ContextSize)
    {
        _inputs = source._inputs;
        _outputs = source._outputs;
        _hidden = source._hidden;
        Options = source.Options;
        initial = source.initial.Frozen();
        blocks = source.blocks is null ? null : new([.. source.blocks.Select(block => block.Frozen())]);
        layers = source.layers is null ? null : new([.. source.layers.Select(layer => layer.Frozen())]);
        final = source.final.Frozen();
        between = source.between.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The number of residual blocks, or of plain layers behind the first.</summary>
    public int BlockCount => blocks?.Count ?? layers!.Count;

    /// <summary>How it is put together.</summary>
    public ResidualMlpOptions Options { get; }

    private IReadOnlyList<Dense> Layers => ResidualBlock.Layers(initial, blocks, layers, final);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var aligned = Aligned(input, context);
        using var joined = between.Options.ReadsBeside ? WithContext(input, context) : input.alias();
        var dense = Layers;
        return between.IsPlain && Options is { IsResidual: true } && Options.Activation == Activation.Relu
            ? Dense.Residual(joined, dense)
            : between.Map(joined, aligned, (layer, x) => dense[layer].Apply(x));
    }

    /// <inheritdoc/>
    public override ResidualMlp Frozen() => new(this);
}
