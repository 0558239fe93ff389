using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network that shares all but its last layer with those of other steps: <c>theta = W elu(N(x, [c, e])) + b</c>
/// along the features, where the trunk N belongs to all of them, and W, b and the embedding e to this one.
/// </summary>
/// <remarks>
/// The embedding, which says to the trunk which step it works for, is read behind the context, in the way that the
/// <see cref="ContextEntry"/> of the trunk says: beside the input, added to hidden units, or as a scale and a shift of
/// each. The last layer starts near zero, so the trunk need not: an <c>OutputGain</c> of 1 suits it. The elu, where the
/// published code has a relu, lets one learn that starts at zero. The trunk is one module in all networks that hold it:
/// its parameters are counted, trained and saved once, and its gradient is the sum over the steps. A frozen copy has a
/// trunk of its own. <see cref="FlowBuilder.Sharing"/> makes such networks in a
/// declaration. Source: Lee, Kim, Yoon 2020, NanoFlow: scalable normalizing flows with sublinear parameter complexity,
/// arXiv 2006.06280.
/// </remarks>
public sealed class SharingConditioner : Conditioner
{
    // The size of the last layer's first weights, as of a ResidualMlp.
    private const double Gain = 1e-2;

    private readonly Conditioner trunk;

    // Of images a convolution of single pixels.
    private readonly Dense? last;
    private readonly Convolution? lastOfImages;

    // None of size 0; a constant in a frozen network.
    private readonly Tensor? embedding;

    /// <summary>A network of a trunk.</summary>
    /// <param name="trunk">The trunk, of a context of the size <c>C + E</c> for a context of size C.</param>
    /// <param name="units">How many features the trunk gives.</param>
    /// <param name="outputs">How many features come out.</param>
    /// <param name="embeddingSize">The size E of the embedding; 0 for none.</param>
    /// <param name="generator">What the embedding, uniform from -1 to 1, and the last layer are drawn from.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the trunk takes a smaller context than the
    /// embedding.</exception>
    public SharingConditioner(
        Conditioner trunk, long units, long outputs, long embeddingSize, Generator generator)
        : base(StepEmbedding.ContextSize(nameof(SharingConditioner), trunk, embeddingSize))
    {
        this.trunk = trunk;
        if (IsOfImages)
        {
            lastOfImages = new(units, outputs, kernel: 1, generator, Gain);
        }
        else
        {
            last = new(units, outputs, generator, Gain);
        }

        (Units, Outputs) = (units, outputs);
        embedding = StepEmbedding.Of(embeddingSize, generator);
        RegisterComponents();
    }

    private SharingConditioner(SharingConditioner source)
        : base(source.ContextSize)
    {
        trunk = source.trunk.Frozen();
        last = source.last?.Frozen();
        lastOfImages = source.lastOfImages?.Frozen();
        (Units, Outputs) = (source.Units, source.Outputs);
        embedding = source.embedding is null ? null : Initial.Snapshot(source.embedding);
        RegisterComponents();
    }

    /// <summary>The network that is shared.</summary>
    public Conditioner Trunk => trunk;

    /// <summary>How many features the trunk gives.</summary>
    public long Units { get; }

    /// <summary>How many features come out.</summary>
    public long Outputs { get; }

    /// <summary>The size of the embedding.</summary>
    public long EmbeddingSize => embedding?.size(0) ?? 0;

    private bool IsOfImages => trunk is { EventRank: 3, FeatureAxis: -3 };

    /// <inheritdoc/>
    public override int EventRank => trunk.EventRank;

    /// <inheritdoc/>
    public override int FeatureAxis => trunk.FeatureAxis;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var given = trunk.OutputShape(input);
        return given[FeatureAxis] == Units
            ? given.With(FeatureAxis, Outputs)
            : throw new ShapeException(
                nameof(SharingConditioner), $"expected a trunk that gives {Units} features", $"got {given}");
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var read = StepEmbedding.Behind(Aligned(input, context), embedding);
        var units = Activation.Elu.Apply(trunk.Evaluate(input, read));
        var output = lastOfImages is null
            ? last!.Apply(units.transpose(FeatureAxis, -1)).transpose(FeatureAxis, -1)
            : Convolution.Network(units.reshape([-1, .. units.shape[^3..]]), lastOfImages)
                .reshape([.. units.shape[..^3], Outputs, .. units.shape[^2..]]);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override SharingConditioner Frozen() => new(this);
}
