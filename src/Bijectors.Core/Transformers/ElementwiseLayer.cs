using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every number of an event goes through a transformer with trained parameters of its own:
/// <c>y_i = f(x_i; theta_i)</c>, <c>log|dy/dx| = sum over i of log|f'(x_i)|</c>. With a network, the context moves
/// theta.
/// </summary>
[GeneratedBijector]
public sealed partial class ElementwiseLayer : Bijector
{
    private readonly Tensor theta;
    private readonly Transformer transformer;
    private readonly Conditioner? net;
    private readonly Shape _shape;

    /// <summary>An elementwise layer.</summary>
    /// <param name="transformer">What maps each number; it starts with raw parameters of zero.</param>
    /// <param name="shape">The event shape.</param>
    /// <param name="net">Reads the context, as a <see cref="ResidualMlp"/> without inputs, and gives as many numbers as
    /// all entries have parameters, which are added to these; null for none.</param>
    /// <exception cref="ArgumentException">The network takes no context.</exception>
    /// <exception cref="ShapeException">The network gives another number of parameters.</exception>
    public ElementwiseLayer(Transformer transformer, Shape shape, Conditioner? net = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ContextParameters.Check(nameof(ElementwiseLayer), net, shape.Size * transformer.ParameterCount);
        _shape = shape;
        this.transformer = transformer;
        this.net = net;
        theta = Initial.Constant(0, [.. shape.ToArray(), transformer.ParameterCount]);
        RegisterComponents();
    }

    private ElementwiseLayer(Transformer transformer, Shape shape, Conditioner? net, Tensor theta)
    {
        (this.transformer, _shape, this.net, this.theta) = (transformer, shape, net, theta);
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
    public override bool ReadsContext => net is not null;

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
        new ElementwiseLayer(transformer.Frozen(dtype), _shape, net?.Frozen(), Initial.Snapshot(theta));

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => transformer.Apply(x, Aligned(x.shape, context));

    private Tensor Aligned(long[] points, Tensor? context)
    {
        using var parameters = ContextParameters.Of(theta, net, points, _shape.Rank, context);
        return parameters.reshape(
            [.. Enumerable.Repeat(1L, points.Length + 1 - (int)parameters.dim()), .. parameters.shape]);
    }
}
