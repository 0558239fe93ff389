using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A residual network on images: a 3x3 convolution, gated residual blocks, each followed by layer normalization over
/// the channels and, where there are heads, by self-attention between all pixels, and a 3x3 convolution that starts at
/// zero, so that a fresh coupling does not look at its input.
/// </summary>
/// <remarks>The context, where there is one, is read as constant planes. Source: Ho et al. 2019, Flow++, arXiv
/// 1902.00275, section 3.3, without dropout, and after its published code.</remarks>
public sealed class GatedResNet : Conditioner, IMatrixWork
{
    private readonly Convolution first;
    private readonly ModuleList<GatedBlock> blocks;
    private readonly Convolution last;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;
    private readonly int _heads;

    /// <summary>A gated residual network.</summary>
    /// <param name="inputs">Channels of the input; 0 where it reads the context alone.</param>
    /// <param name="outputs">Channels of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Hidden channels.</param>
    /// <param name="blockCount">Number of gated residual blocks.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="heads">Heads of self-attention between the pixels, 0 for none: what it takes grows with the square
    /// of their number.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public GatedResNet(
        long inputs, long outputs, long hidden, int blockCount, Generator generator, long contextSize = 0,
        int heads = 0)
        : base(contextSize)
    {
        Numbers.CheckCount(nameof(GatedResNet), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(GatedResNet), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(GatedResNet), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(GatedResNet), "a number of blocks", blockCount, least: 0);
        Numbers.CheckCount(nameof(GatedResNet), "a number of heads", heads, least: 0);
        (_inputs, _outputs, _hidden, _heads) = (inputs, outputs, hidden, heads);
        MemoryLimit.CheckWeights(blockCount, GatedBlock.KernelsOfBlock, hidden, hidden);
        Nesting.CheckLength(nameof(GatedResNet), blockCount);
        first = new(inputs + contextSize, hidden, 3, generator);
        blocks = new([.. Enumerable.Range(0, blockCount).Select(_ => new GatedBlock(hidden, heads, generator))]);
        last = new(2 * hidden, outputs, 3, generator, gain: 0);
        RegisterComponents();
    }

    private GatedResNet(GatedResNet source)
        : base(source.ContextSize)
    {
        (_inputs, _outputs, _hidden, _heads) = (source._inputs, source._outputs, source._hidden, source._heads);
        first = source.first.Frozen();
        blocks = new([.. source.blocks.Select(block => block.Frozen())]);
        last = source.last.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 3;

    /// <summary>The number of gated residual blocks.</summary>
    public int BlockCount => blocks.Count;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var images = Images(input, context);
        var h = Convolution.Network(images, first);
        foreach (var block in blocks)
        {
            using var previous = h;
            h = block.Apply(previous);
        }

        using (h)
        {
            using var active = GatedBlock.Activated(h);
            using var output = Convolution.Network(active, last);
            return output.reshape([.. input.shape[..^3], .. output.shape[^3..]]);
        }
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new GatedResNet(this);

    /// <inheritdoc/>
    double IMatrixWork.MatrixOperations(Shape input) =>
        (2.0 * input[-1] * input[-2] * (first.Weight.numel() + last.Weight.numel()))
        + blocks.Sum(block => block.MatrixOperations(input[-1] * input[-2]));

    /// <summary>The images as one batch, with the context as constant planes.</summary>
    private Tensor Images(Tensor input, Tensor? context)
    {
        using var images = WithContext(input, context);
        return images.reshape([Shape.OfPart(input.shape.AsSpan()[..^3]).Size, .. images.shape[^3..]]);
    }
}
