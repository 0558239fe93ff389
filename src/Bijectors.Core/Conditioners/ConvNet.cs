using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A convolutional network on images: 3x3, relu, 1x1, relu, 3x3, the last one zero at first, so that a fresh coupling
/// does not look at its input. The context, where there is one, is read as constant planes.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.3.</remarks>
public sealed class ConvNet : Conditioner
{
    private readonly Convolution first;
    private readonly Convolution second;
    private readonly Convolution last;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>A convolutional network.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Hidden channels.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public ConvNet(long inputs, long outputs, long hidden, Generator generator, long contextSize = 0)
        : base(contextSize)
    {
        Numbers.CheckCount(nameof(ConvNet), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(ConvNet), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(ConvNet), "a hidden width", hidden, least: 1);
        _inputs = inputs;
        _outputs = outputs;
        _hidden = hidden;
        MemoryLimit.CheckWeights(hidden, hidden);
        first = new(inputs + contextSize, hidden, 3, generator);
        second = new(hidden, hidden, 1, generator);
        last = new(hidden, outputs, 3, generator, gain: 0);
        RegisterComponents();
    }

    private ConvNet(ConvNet source)
        : base(source.ContextSize)
    {
        _inputs = source._inputs;
        _outputs = source._outputs;
        _hidden = source._hidden;
        first = source.first.Frozen();
        second = source.second.Frozen();
        last = source.last.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 3;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var planes = Planes(context, input);
        using var joined = planes is null ? input.alias() : cat([input, planes], -3);
        var count = input.shape[..^3].Aggregate(1L, (product, size) => product * size);
        using var images = joined.reshape([count, .. joined.shape[^3..]]);
        using var output = Convolution.Network(images, first, second, last);
        return output.reshape([.. input.shape[..^3], .. output.shape[^3..]]);
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new ConvNet(this);

    private Tensor? Planes(Tensor? context, Tensor input)
    {
        using var aligned = Aligned(input, context);
        if (aligned is null)
        {
            return null;
        }

        using var pixels = aligned.unsqueeze(-1);
        using var points = pixels.unsqueeze(-1);
        return points.expand([.. aligned.shape, input.size(-2), input.size(-1)]);
    }
}
