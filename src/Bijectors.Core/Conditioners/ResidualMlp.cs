using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A residual network on features: a linear layer, pre-activation residual blocks, a linear layer that starts near
/// zero. The context, where there is one, is read beside the input.
/// </summary>
/// <remarks>Source: the <c>ResidualNet</c> of nflows, after He et al. 2016, Identity mappings in deep residual
/// networks, arXiv 1603.05027.</remarks>
public sealed class ResidualMlp : Conditioner
{
    private readonly Dense initial;
    private readonly ModuleList<ResidualBlock> blocks;
    private readonly Dense final;
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
        : base(contextSize)
    {
        Numbers.CheckCount(nameof(ResidualMlp), "a number of inputs", inputs, least: 0);
        Numbers.CheckCount(nameof(ResidualMlp), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(ResidualMlp), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(ResidualMlp), "a number of blocks", blockCount, least: 0);
        if (inputs + contextSize == 0)
        {
            throw new ArgumentException(
                "ResidualMlp: expected a network with something to read, got neither inputs nor a context.",
                    nameof(inputs));
        }

        _inputs = inputs;
        _outputs = outputs;
        _hidden = hidden;
        MemoryLimit.CheckWeights(blockCount, 2, hidden, hidden);
        Nesting.CheckLength(nameof(ResidualMlp), blockCount);
        initial = new(inputs + contextSize, hidden, generator);
        blocks = new([.. Enumerable.Range(0, blockCount).Select(_ => new ResidualBlock(hidden, generator))]);
        final = new(hidden, outputs, generator, gain: 1e-2);
        RegisterComponents();
    }

    private ResidualMlp(ResidualMlp source)
        : base(source.ContextSize)
    {
        _inputs = source._inputs;
        _outputs = source._outputs;
        _hidden = source._hidden;
        initial = source.initial.Frozen();
        blocks = new([.. source.blocks.Select(block => block.Frozen())]);
        final = source.final.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The number of residual blocks.</summary>
    public int BlockCount => blocks.Count;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var aligned = Aligned(input, context);
        using var joined = aligned is null ? input.alias() : cat([input, aligned], -1);
        return Dense.Residual(joined, ResidualBlock.Layers(initial, blocks, final));
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new ResidualMlp(this);
}
