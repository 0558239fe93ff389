using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>An embedding that gives guided contexts, see <see cref="GuidedContext"/>.</summary>
internal sealed class GuidedEmbedding : Conditioner
{
    private readonly Conditioner embedding;
    private readonly Shape _contextShape;

    /// <summary>Guided contexts of another embedding.</summary>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="embedding">What reads contexts, and contexts of NaN as none.</param>
    /// <param name="weight">The weight w.</param>
    /// <exception cref="ArgumentException">The embedding does not take a context of NaN for none, or the weight is not
    /// finite.</exception>
    public GuidedEmbedding(Shape contextShape, Conditioner embedding, double weight)
        : base(contextSize: 0)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (!embedding.AcceptsNone)
        {
            throw new ArgumentException(
                "GuidedEmbedding: expected an embedding that takes no context for one, as OptionalContext does, got "
                + $"{embedding}.",
                nameof(embedding));
        }

        if (!double.IsFinite(weight))
        {
            throw new ArgumentException($"GuidedEmbedding: expected a finite weight, got {weight}.", nameof(weight));
        }

        this.embedding = embedding;
        (_contextShape, Weight) = (contextShape, weight);
        RegisterComponents();
    }

    /// <summary>The weight w.</summary>
    public double Weight { get; }

    /// <inheritdoc/>
    public override int EventRank => embedding.EventRank;

    /// <inheritdoc/>
    public override bool AcceptsNone => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var inner = embedding.OutputShape(input);
        return inner.With(-1, (2 * inner[-1]) + 1);
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var read = embedding.Evaluate(input, null);
        var nothing = full(_contextShape.ToArray(), double.NaN, input.dtype, input.device);
        return GuidedContext.Join(read, embedding.Evaluate(nothing, null), Weight).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new GuidedEmbedding(_contextShape, embedding.Frozen(), Weight);

    /// <summary>The type, what reads contexts, and the weight.</summary>
    public override string ToString() => $"GuidedEmbedding({embedding}, {Weight})";
}
