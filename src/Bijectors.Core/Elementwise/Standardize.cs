using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Fixed numbers for each feature: <c>y = (x - mean) / deviation</c>, <c>log|dy/dx| = -log(deviation)</c>; saved with
/// the model, not trained.
/// </summary>
[GeneratedBijector]
public sealed partial class Standardize : Bijector
{
    private readonly Tensor mean;
    [Positive]
    private readonly Tensor deviation;
    private readonly Shape _shape;

    /// <summary>Standardises events of the shape of the two tensors.</summary>
    /// <param name="mean">What is subtracted, one event or the last dimensions of one; copied.</param>
    /// <param name="deviation">What is divided by, of the same shape, all greater than zero; copied.</param>
    /// <exception cref="ShapeException">The tensors have different shapes.</exception>
    /// <exception cref="ArgumentException">A deviation is not positive.</exception>
    public Standardize(Tensor mean, Tensor deviation)
    {
        _shape = Shape.Of(mean.shape);
        if (!mean.shape.SequenceEqual(deviation.shape))
        {
            throw new ShapeException(
                nameof(Standardize),
                $"expected deviations of the shape of the means, {_shape}",
                $"got {Shape.Of(deviation.shape)}");
        }

        using (var positive = deviation > 0)
        using (var all = positive.all())
        {
            if (!all.item<bool>())
            {
                throw new ArgumentException(
                    "Standardize: expected deviations greater than zero; drop constant features first.",
                    nameof(deviation));
            }
        }

        this.mean = mean.detach().clone().DetachFromDisposeScope();
        this.deviation = deviation.detach().clone().DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>The means and deviations of items, over the first dimension, taken in float64.</summary>
    /// <param name="items">At least two items <c>(N, event)</c>.</param>
    /// <exception cref="ShapeException">There are fewer than two items.</exception>
    /// <exception cref="ArgumentException">A number is not finite, or a feature is the same in all items.</exception>
    public static Standardize FittedTo(Tensor items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.dim() < 1 || items.shape[0] < 2)
        {
            throw new ShapeException(
                nameof(Standardize), "expected items (N, event), at least two", $"got {Shape.Of(items.shape)}");
        }

        using var scope = NewDisposeScope();
        var exact = items.detach().to(ScalarType.Float64);
        var (mean, deviation) = (exact.mean([0L]), exact.std(0, unbiased: false));
        if (!deviation.isfinite().all().item<bool>())
        {
            throw new ArgumentException(
                "Standardize: expected finite items, got NaN or infinity; leave out such items first, or, where NaN "
                + "stands for what is missing, let Impute stand before.", nameof(items));
        }

        // Not by the deviation: the mean of equal numbers is rounded, which leaves a tiny one.
        var constant = (exact.amax([0L]) == exact.amin([0L])).reshape(-1).nonzero();
        if (constant.numel() > 0)
        {
            throw new ArgumentException(
                $"Standardize: expected features that vary, got the same number in all items at place "
                + $"{constant[0, 0].item<long>()} of an event; leave it out first.",
                nameof(items));
        }

        return new(mean.to(items.dtype), deviation.to(items.dtype));
    }

    /// <inheritdoc/>
    public override int EventRank => _shape.Rank;

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input == _shape
        ? input
        : throw new ShapeException(nameof(Standardize), $"expected {_shape}", $"got {input}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new Standardize(mean, deviation);

    [Forward]
    private Tensor Map(Tensor x) => (x - mean) / deviation;
}
