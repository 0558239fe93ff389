using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A location-scale family: <c>x = m + s z</c> where z has a standard distribution,
/// <c>log p(x) = log p_standard((x - m) / s) - sum of log s</c>. Locations m and scales s are trained, or a network
/// gives them from the context; or a network gives the locations alone, and scales are constant or trained.
/// </summary>
/// <remarks>Around a <see cref="StandardNormal"/> it is a normal distribution with a diagonal covariance.</remarks>
public sealed class LocationScale : Distribution
{
    private readonly Distribution standard;
    private readonly Tensor? location;
    private readonly Tensor? logScale;
    private readonly Conditioner? network;

    /// <summary>A family with trained locations, 0 at the start, and scales, 1 at the start.</summary>
    /// <param name="standard">The distribution of z.</param>
    /// <exception cref="ArgumentException">It takes a context, or its support is not all reals.</exception>
    public LocationScale(Distribution standard)
        : this(
            Checked(standard),
            Initial.Constant(0, standard.EventShape.ToArray()),
            Initial.Constant(0, standard.EventShape.ToArray()))
    {
    }

    /// <summary>A family whose locations and scales depend on the context.</summary>
    /// <param name="standard">The distribution of z.</param>
    /// <param name="network">Reads contexts <c>(batch..., context...)</c> and gives vectors of 2 D features, for D
    /// elements of x: first all log-scales, then all locations; or points of the event's shape with twice the features,
    /// as in a coupling. It takes no further context.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <exception cref="ArgumentException">The distribution of z takes a context, or its support is not all reals; or
    /// the network takes a further context.</exception>
    /// <exception cref="ShapeException">The network reads another shape, or gives another one.</exception>
    public LocationScale(Distribution standard, Conditioner network, Shape contextShape)
        : this(Checked(standard), network, contextShape, null)
    {
    }

    /// <summary>A family whose locations depend on the context, and whose scales do not.</summary>
    /// <param name="standard">The distribution of z.</param>
    /// <param name="network">Reads contexts <c>(batch..., context...)</c> and gives vectors of D locations, for D
    /// elements of x, or points of the event's shape. It takes no further context.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="scale">The scale s of all elements; where it is trained, at the start.</param>
    /// <param name="isScaleTrained">Whether scales are trained, one for each element.</param>
    /// <param name="isResidual">Whether locations are the context plus what the network gives; then a context has the
    /// shape of an event.</param>
    /// <exception cref="ArgumentException">The distribution of z takes a context, or its support is not all reals; the
    /// network takes a further context; or the scale is not positive.</exception>
    /// <exception cref="ShapeException">The network reads another shape, or gives another one; or contexts that
    /// locations are added to have another shape than events.</exception>
    public LocationScale(
        Distribution standard, Conditioner network, Shape contextShape, double scale, bool isScaleTrained = false,
        bool isResidual = false)
        : this(Checked(standard), network, contextShape, Start(standard.EventShape, scale, isScaleTrained))
    {
        if (isResidual && contextShape != EventShape)
        {
            throw new ShapeException(
                nameof(LocationScale), $"expected contexts {EventShape}, to which the network adds",
                $"got {contextShape}");
        }

        (Scale, IsScaleTrained, IsResidual) = (scale, isScaleTrained, isResidual);
    }

    private LocationScale(Distribution standard, Conditioner network, Shape contextShape, Tensor? logScale)
        : base(standard.EventShape, contextShape)
    {
        ContextNetwork.Check(nameof(LocationScale), network, contextShape, EventShape, logScale is null ? 2 : 1);
        this.standard = standard;
        this.network = network;
        this.logScale = logScale;
        RegisterComponents();
    }

    private LocationScale(Distribution standard, Tensor location, Tensor logScale)
        : base(standard.EventShape)
    {
        this.standard = standard;
        this.location = location;
        this.logScale = logScale;
        RegisterComponents();
    }

    /// <summary>The scale that does not depend on the context, at the start; null where there is none.</summary>
    public double? Scale { get; }

    /// <summary>Whether scales that do not depend on the context are trained; null where there are none.</summary>
    public bool? IsScaleTrained { get; }

    /// <summary>Whether locations are the context plus what the network gives.</summary>
    public bool IsResidual { get; private init; }

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override ScalarType Dtype => standard.Dtype;

    /// <inheritdoc/>
    public override Device Device => standard.Device;

    /// <inheritdoc/>
    public override bool IsReparameterized => standard.IsReparameterized;

    /// <inheritdoc/>
    public override bool HasTemperature => standard.HasTemperature;

    /// <inheritdoc/>
    public override Distribution Frozen() => FrozenWith(standard.Frozen());

    /// <summary>The type and the standard distribution.</summary>
    public override string ToString() => $"LocationScale({standard})";

    /// <inheritdoc/>
    /// <remarks>Locations stay: <c>x = m + s T z</c>.</remarks>
    public override Distribution AtTemperature(double temperature)
    {
        var shape = EventShape.ToArray();
        var around = standard.AtTemperature(temperature) ?? new LocationScale(
            standard.Frozen(),
            Initial.Snapshot(zeros(shape, Dtype, Device)),
            Initial.Snapshot(full(shape, Math.Log(temperature), Dtype, Device)));
        return FrozenWith(around);
    }

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (m, logS) = At(context, (int)x.dim());
        var z = (x - m) * (-logS).exp();
        var logProb = NestedDistribution.LogProb(standard, z, null) - LogDets.Sum(logS, x, EventShape.Rank);
        return logProb.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var (m, logS) = At(context, batch.Length + EventShape.Rank);
        var z = NestedDistribution.Draw(standard, batch, null, generator);
        return (m + (logS.exp() * z)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogProb) SampleWithLogProbCore(
        long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var (m, logS) = At(context, batch.Length + EventShape.Rank);
        var (z, logProb) = NestedDistribution.DrawWithLogProb(standard, batch, null, generator);
        var x = m + (logS.exp() * z);
        return (x.MoveToOuterDisposeScope(),
            (logProb - LogDets.Sum(logS, x, EventShape.Rank)).MoveToOuterDisposeScope());
    }

    private LocationScale FrozenWith(Distribution frozen) => network is null
        ? new LocationScale(frozen, Initial.Snapshot(location!), Initial.Snapshot(logScale!))
        : new LocationScale(
            frozen, network.Frozen(), ContextShape!.Value, logScale is null ? null : Initial.Snapshot(logScale))
        {
            IsResidual = IsResidual,
        };

    /// <summary>Locations and log-scales that go with points of so many dimensions.</summary>
    private (Tensor Location, Tensor LogScale) At(Tensor? context, int dimensions)
    {
        if (network is null)
        {
            return (location!, logScale!);
        }

        var given = ContextNetwork.Groups(
            network, context!, ContextShape!.Value, EventShape, logScale is null ? 2 : 1, dimensions);
        if (logScale is null)
        {
            return (given[1], given[0]);
        }

        var around = IsResidual
            ? ContextNetwork.Lined(context!.flatten(context.dim() - EventShape.Rank), EventShape, dimensions)
            : null;
        return (around is null ? given[0] : around + given[0], logScale);
    }

    private static Tensor Start(Shape shape, double scale, bool isTrained)
    {
        Numbers.CheckPositive(nameof(LocationScale), scale);
        Tensor start = Initial.Constant(Math.Log(scale), shape.ToArray());
        return isTrained ? start : Initial.Snapshot(start);
    }

    private static Distribution Checked(Distribution standard)
    {
        ArgumentNullException.ThrowIfNull(standard);
        return standard.ContextShape is null && standard.Support.Equals(Domain.Real)
            ? standard
            : throw new ArgumentException(
                $"LocationScale: expected a standard distribution of all reals without context, got {standard} on "
                + $"{standard.Support}{(standard.ContextShape is { } shape ? $" given a context {shape}" : "")}.",
                nameof(standard));
    }
}
