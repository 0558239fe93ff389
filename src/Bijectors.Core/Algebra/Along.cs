using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A bijector of vectors along one axis of an event, the same one for every place on the other axes: for a matrix X,
/// <c>f</c> on each row (axis -1) or on each column (axis -2). <c>log|dY/dX| = sum over the other axes of log|df|</c>.
/// Written <c>f.Along(axis)</c>.
/// </summary>
/// <remarks>Source: MixerFlow, arXiv 2310.16777: f along the channels and f along the patches, shared over all
/// else.</remarks>
[GeneratedBijector]
public sealed partial class Along : Bijector
{
    private readonly Bijector inner;
    private readonly int _axis;

    /// <summary>A bijector along one axis.</summary>
    /// <param name="inner">A bijector of vectors <c>(D)</c>, or an elementwise one.</param>
    /// <param name="axis">The axis, counted from the end: -1, -2, ...</param>
    /// <exception cref="ArgumentException">The axis is not counted from the end, the inner bijector is none of vectors,
    /// or its entries have different domains.</exception>
    public Along(Bijector inner, int axis)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (axis >= 0)
        {
            throw new ArgumentException(
                $"Along: expected an axis counted from the end (-1, -2, ...), got {axis}.", nameof(axis));
        }

        if (inner.EventRank > 1 || inner.OutputEventRank != inner.EventRank)
        {
            throw new ArgumentException(
                $"Along({axis}): expected a bijector of vectors, "
                + $"got {inner} from {inner.EventRank} to {inner.OutputEventRank} dimensions.",
                nameof(inner));
        }

        if (axis != -1 && !(inner.Domain is Interval && inner.Codomain is Interval))
        {
            throw new ArgumentException(
                $"Along({axis}): expected a bijector with one domain for all entries of a vector, "
                + $"got {inner} from {inner.Domain} to {inner.Codomain}.",
                nameof(inner));
        }

        Nesting.CheckAround(nameof(Along), inner);
        this.inner = inner;
        _axis = axis;
        RegisterComponents();
    }

    /// <summary>The bijector of vectors.</summary>
    public Bijector Inner => inner;

    /// <summary>The axis, counted from the end.</summary>
    public int Axis => _axis;

    /// <inheritdoc/>
    public override int EventRank => -_axis;

    /// <inheritdoc/>
    public override Domain Domain => inner.Domain;

    /// <inheritdoc/>
    public override Domain Codomain => inner.Codomain;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => [Stage.On(View.Along(_axis), inner)];

    /// <inheritdoc/>
    public override IDomainMap? DomainMap => inner.DomainMap;

    /// <summary><c>Along(axis)</c>.</summary>
    public override string ToString() => $"Along({_axis})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype)
    {
        // Affine layers at both ends lie along the axis on their own: there they merge with their neighbours outside.
        var vector = Shape.Vector(input[_axis]);
        var layers = Freezing.Layers(inner, vector, dtype);
        var first = layers.TakeWhile(layer => layer.AffineAxis is not null).Count();
        var last = layers.Skip(first).Reverse().TakeWhile(layer => layer.AffineAxis is not null).Count();
        var between = Chain.Of([.. layers.Skip(first).SkipLast(last)]);
        return Chain.Of(
            [.. layers.Take(first).Select(Here), Here(Freezing.Merge(between, vector, dtype)),
                .. layers.TakeLast(last).Select(Here)]);
    }

    private Bijector Here(Bijector f) => f is IRearrangement { IsIdentity: true } ? f : new Along(f, _axis);

    // The moved point has as many event dimensions as before, so the inner log-det is summed over all places that
    // share the weights.
    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        x = Parts.MoveDim(x, _axis, -1);
        x = inner.Forward(x, context);
        return Parts.MoveDim(x, -1, _axis);
    }
}
