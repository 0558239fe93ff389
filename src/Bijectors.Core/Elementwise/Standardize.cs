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
