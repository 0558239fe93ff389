using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The multi-scale step: one part of a point is retained and goes through further layers, the other is factored out,
/// that is, only standardised by a network of the retained part: <c>(a, b) -> [rest(a) | (b - t(a)) exp(-s(a))]</c>,
/// flattened; <c>log|dy/dx| = log|d rest| - sum of s(a)</c>.
/// </summary>
/// <remarks>
/// With a standard normal base, t and exp(s) are the mean and the deviation of a learned conditional prior.
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, Real NVP, arXiv 1605.08803, section 3.6; the prior after Glow's published
/// code.
/// </remarks>
[GeneratedBijector]
public sealed partial class FactorOut : Bijector
{
    private readonly Bijector rest;
    private readonly Conditioner prior;
    private readonly Partition _partition;
    private readonly Shape _input;
    private readonly Shape _retained;
    private readonly Shape _factored;

    // Not so wide that a fresh prior could leave the numbers' range.
    private readonly ScaleMap _scale = ScaleMap.Bounded(4);

    /// <summary>A multi-scale step.</summary>
    /// <param name="partition">The retained part, first, and the part factored out, second.</param>
    /// <param name="rest">The layers of the retained part.</param>
    /// <param name="prior">The network that reads the retained part and gives raw log-deviations and means of the
    /// other; null for none.</param>
    /// <param name="input">The event shape.</param>
    /// <exception cref="ShapeException">The partition or the layers do not fit the shape.</exception>
    /// <exception cref="DomainException">The layers are not a map of all reals onto all reals.</exception>
    public FactorOut(Partition partition, Bijector rest, Conditioner? prior, Shape input)
    {
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(rest);
        foreach (var domain in new[] { rest.Domain, rest.Codomain })
        {
            if (!domain.Includes(Domain.Real))
            {
                throw new DomainException(nameof(FactorOut), $"rest ({rest})", Domain.Real, domain);
            }
        }

        prior?.CheckLayers();
        Nesting.CheckAround(nameof(FactorOut), rest);
        _partition = partition;
        this.rest = rest;
        this.prior = prior ?? new NoPrior();
        _input = input;
        var (first, second) = partition.Split(input);
        if (prior is not null)
        {
            NetworkShape.Check(this, input, partition, prior, 2);
        }

        _retained = rest.OutputShape(first);
        _factored = second;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _input.Rank;

    /// <inheritdoc/>
    public override int OutputEventRank => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => rest is IRearrangement
        ? [Stage.Formula(rest, View.Parts(_partition))]
        : [
            Stage.Own(WithoutRest()),
            Stage.Between(View.Packed(Retained(_input), _factored), View.Packed(_retained, _factored), rest, null),
        ];

    /// <summary>The layers of the retained part.</summary>
    public Bijector Rest => rest;

    /// <summary>The shape of the retained part of an event of the shape <paramref name="input"/>.</summary>
    /// <param name="input">The event shape.</param>
    /// <exception cref="ShapeException">The partition does not fit it.</exception>
    public Shape Retained(Shape input) => _partition.Split(input).First;

    /// <summary>The network that standardises the part factored out; null for none.</summary>
    internal Conditioner? Prior => prior is NoPrior ? null : prior;

    /// <summary>
    /// The same step with the retained part only flattened: <see cref="Rest"/> applied to that part afterwards gives
    /// the whole step.
    /// </summary>
    private FactorOut WithoutRest() => new(_partition, new Flatten(Retained(_input)), Prior, _input);

    /// <summary>The type and the partition.</summary>
    public override string ToString() => $"FactorOut({_partition})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new FactorOut(_partition, rest.Frozen(Retained(_input), dtype), Prior?.Frozen(), _input);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (retained, factored) = _partition.Split(x);
        var (raw, mean) = prior.ScaleAndShift(retained, context);
        factored = (factored - mean) * exp(-_scale.LogScale(raw));
        retained = rest.Forward(retained, context);
        return Parts.Pack(retained, factored, _retained, _factored);
    }

    /// <summary>Mean 0 and deviation 1, whatever it reads.</summary>
    private sealed class NoPrior() : Conditioner(0)
    {
        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => Shape.Vector(2);

        public override Tensor Evaluate(Tensor input, Tensor? context) =>
            zeros([2], dtype: input.dtype, device: input.device);
    }
}
