using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An embedding of a context: each of its numbers with the mean and the deviation of the first batch of training,
/// <c>(c - m) / s</c>, as one vector <c>(batch..., C)</c>.
/// </summary>
/// <remarks>
/// Until then m is 0 and s is 1. A number that was the same in the whole batch keeps s = 1. Both are saved with the
/// flow and are not trained, see <see cref="DataInitialization"/>.
/// </remarks>
public sealed class ContextStandardization : Conditioner
{
    private readonly Tensor mean;
    private readonly Tensor deviation;
    private readonly Shape _contextShape;

    /// <summary>An embedding of contexts of a shape.</summary>
    /// <param name="contextShape">The shape of one context.</param>
    public ContextStandardization(Shape contextShape)
        : this(
            contextShape,
            Initial.Buffer(zeros(contextShape.Size, ScalarType.Float32)),
            Initial.Buffer(ones(contextShape.Size, ScalarType.Float32)))
    {
    }

    private ContextStandardization(Shape contextShape, Tensor mean, Tensor deviation)
        : base(contextSize: 0)
    {
        _contextShape = contextShape;
        this.mean = mean;
        this.deviation = deviation;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _contextShape.Rank;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) =>
        input.Rank >= EventRank && input.Trailing(EventRank) == _contextShape
            ? input.Leading(EventRank).Then(Shape.Vector(_contextShape.Size))
            : throw new ShapeException(
                nameof(ContextStandardization), $"expected a context {_contextShape}", $"got {input}");

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var vectors = input.reshape([.. input.shape[..^EventRank], _contextShape.Size]);
        using var centred = vectors - mean;
        return centred / deviation;
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() =>
        new ContextStandardization(_contextShape, Initial.Snapshot(mean), Initial.Snapshot(deviation));

    /// <summary>The type and the shape.</summary>
    public override string ToString() => $"ContextStandardization({_contextShape})";

    /// <inheritdoc/>
    protected internal override void InitializeFrom(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (!((mean == 0).all() & (deviation == 1).all()).item<bool>())
        {
            return;
        }

        var vectors = input.reshape(-1, _contextShape.Size);
        var spread = vectors.std(0, unbiased: false);
        mean.copy_(vectors.mean([0L]));
        deviation.copy_(where(spread > finfo(spread.dtype).eps * (1 + mean.abs()), spread, 1));
    }
}
