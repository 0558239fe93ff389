using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every number of an event goes through a transformer with trained parameters of its own:
/// <c>y_i = f(x_i; theta_i)</c>, <c>log|dy/dx| = sum over i of log|f'(x_i)|</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class ElementwiseLayer : Bijector
{
    private readonly Tensor theta;
    private readonly Transformer transformer;
    private readonly Shape _shape;

    /// <summary>An elementwise layer.</summary>
    /// <param name="transformer">What maps each number; it starts with raw parameters of zero.</param>
    /// <param name="shape">The event shape.</param>
    public ElementwiseLayer(Transformer transformer, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        _shape = shape;
        this.transformer = transformer;
        theta = Initial.Constant(0, [.. shape.ToArray(), transformer.ParameterCount]);
        RegisterComponents();
    }

    private ElementwiseLayer(Transformer transformer, Shape shape, Tensor theta)
    {
        (this.transformer, _shape, this.theta) = (transformer, shape, theta);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _shape.Rank;

    /// <inheritdoc/>
    public override Domain Domain => transformer.Domain;

    /// <inheritdoc/>
    public override Domain Codomain => transformer.Codomain;

    /// <inheritdoc/>
    public override bool IsVolumePreserving => transformer.IsVolumePreserving;

    /// <inheritdoc/>
    public override bool IsIterative => transformer.IsIterative;

    /// <inheritdoc/>
    public override bool ReadsContext => false;

    /// <inheritdoc/>
    public override double IntermediateSize => transformer.IntermediateSize;

    /// <summary>The type and the transformer.</summary>
    public override string ToString() => $"ElementwiseLayer({transformer})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input == _shape
        ? input
        : throw new ShapeException(ToString(), $"expected {_shape}", $"got {input}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new ElementwiseLayer(transformer.Frozen(dtype), _shape, Initial.Snapshot(theta));

    [Forward]
    private Tensor Map(Tensor x) => transformer.Apply(x, Aligned(x.dim()));

    private Tensor Aligned(long dimensions)
    {
        // A copy: torch does not let parameters change under the views that a split takes of them.
        using var copy = theta.clone();
        return copy.reshape([.. Enumerable.Repeat(1L, (int)dimensions - _shape.Rank), .. theta.shape]);
    }
}
