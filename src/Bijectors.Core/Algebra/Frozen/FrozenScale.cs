using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Neighbouring maps of each element separately as one: <c>y = (x - centre) scale</c>,
/// <c>x = (y - shift) inverseScale</c>, <c>log|dy/dx|</c> the mean of <c>log|scale|</c> for each element.
/// </summary>
/// <remarks>Not <c>x scale + shift</c>: where data lie far from zero, that would subtract two large rounded
/// numbers.</remarks>
internal sealed class FrozenScale : FrozenAffine, IDomainMap
{
    private readonly Tensor centre;
    private readonly Tensor scale;
    private readonly Tensor shift;
    private readonly Tensor inverseScale;
    private readonly Tensor logSlope;
    private readonly Shape _shape;
    private readonly IReadOnlyList<IDomainMap>? _domains;

    private FrozenScale(AffineProbe probe, int eventRank, string name, IReadOnlyList<IDomainMap>? domains)
        : base(eventRank, name)
    {
        _domains = domains;
        (centre, scale, shift, inverseScale, logSlope) =
            (probe.InverseBias, probe.Weight, probe.Bias, probe.Inverse, probe.LogSlope);
        _shape = Shape.Of(scale.shape);
        RegisterComponents();
    }

    private FrozenScale(FrozenScale source)
        : base(source.EventRank, source.ToString())
    {
        (_domains, _shape) = (source._domains, source._shape);
        (centre, scale) = (Initial.Snapshot(source.centre), Initial.Snapshot(source.scale));
        (shift, inverseScale) = (Initial.Snapshot(source.shift), Initial.Snapshot(source.inverseScale));
        logSlope = Initial.Snapshot(source.logSlope);
        RegisterComponents();
    }

    /// <inheritdoc/>
    private protected override Tensor LogSlope => logSlope;

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    /// <inheritdoc/>
    public override IDomainMap? DomainMap => _domains is null ? null : this;

    /// <summary>One map for layers that map each element separately.</summary>
    /// <param name="layers">The layers, of float64.</param>
    /// <param name="input">The event shape.</param>
    public static FrozenScale Of(IReadOnlyList<Bijector> layers, Shape input)
    {
        var maps = layers.Select(layer => layer.DomainMap).OfType<IDomainMap>().ToList();
        var name = Freezing.Name(layers);
        var whole = Chain.Of([.. layers]);
        return new(AffineProbe.OfElements(whole, input, name), whole.EventRank, name,
            maps.Count == layers.Count ? maps : null);
    }

    /// <summary>
    /// Whether it can become part of a linear map along an axis, before or behind it, without a loss of digits: it
    /// is the same at all places on the other axes, and the numbers it brings near zero are not much larger than
    /// what is left of them.
    /// </summary>
    public bool Fits(int axis, bool before)
    {
        for (var dim = 1; dim <= _shape.Rank; dim++)
        {
            if (dim != -axis && _shape[-dim] != 1)
            {
                return false;
            }
        }

        using var size = (before ? shift : centre).abs();
        using var largest = size.max();
        return largest.item<double>() <= Freezing.LargestShift;
    }

    Domain IDomainMap.Image(Domain input) => _domains!.Aggregate(input, (domain, map) => map.Image(domain));

    Domain IDomainMap.Preimage(Domain output) =>
        _domains!.Reverse().Aggregate(output, (domain, map) => map.Preimage(domain));

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input)
    {
        for (var dim = 1; dim <= _shape.Rank; dim++)
        {
            if (_shape[-dim] != 1 && _shape[-dim] != input[-dim])
            {
                throw new ShapeException(
                    ToString(), $"expected {_shape[-dim]} entries in dimension {-dim}", $"got {input}");
            }
        }

        return input;
    }

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new FrozenScale(this);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var centred = x - centre;
        return centred * scale;
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var centred = y - shift;
        return centred * inverseScale;
    }
}
