using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An affine map of features, <c>W x + b</c>, zero at the start. The context, where there is one, is read beside the
/// input.
/// </summary>
/// <remarks>The plainest network: what a mean and a deviation that depend on a class are read with, see
/// <see cref="LocationScale"/>.</remarks>
public sealed class AffineNet : Conditioner
{
    private readonly Dense map;
    private readonly long _inputs;
    private readonly long _outputs;

    /// <summary>An affine map.</summary>
    /// <param name="inputs">Features of the input; 0 where it reads the context alone.</param>
    /// <param name="outputs">Features of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="generator">What the weights are drawn from, where they are not zero.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="gain">The size of the first weights, which are uniform in <c>+-gain / sqrt(inputs)</c>.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the gain is not finite.</exception>
    public AffineNet(long inputs, long outputs, Generator generator, long contextSize = 0, double gain = 0)
        : base(contextSize)
    {
        Numbers.CheckCount(nameof(AffineNet), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(AffineNet), "a number of outputs", outputs, least: 1);
        Numbers.CheckFinite(nameof(AffineNet), gain);
        (_inputs, _outputs, Gain) = (inputs, outputs, gain);
        map = new(inputs + contextSize, outputs, generator, gain);
        RegisterComponents();
    }

    private AffineNet(AffineNet source)
        : base(source.ContextSize)
    {
        (_inputs, _outputs, Gain) = (source._inputs, source._outputs, source.Gain);
        map = source.map.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The size of the first weights.</summary>
    public double Gain { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var read = WithContext(input, context);
        return map.Apply(read);
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new AffineNet(this);
}
