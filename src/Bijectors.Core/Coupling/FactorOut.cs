using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The multi-scale step: one part of a point goes on through further layers, the other is done and only standardised by
/// what the first says of it: <c>(a, b) -> [rest(a) | (b - t(a)) exp(-s(a))]</c>, flattened;
/// <c>log|dy/dx| = log|d rest| - sum of s(a)</c>.
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
    private readonly Shape _going;
    private readonly Shape _done;

    // Not so wide that a fresh prior could leave the numbers' range.
    private readonly ScaleMap _scale = ScaleMap.Bounded(4);

    /// <summary>A multi-scale step.</summary>
    /// <param name="partition">What goes on, first, and what is done, second.</param>
    /// <param name="rest">The layers for what goes on.</param>
    /// <param name="prior">Reads what goes on, gives raw log-deviations and means of what is done; null for
    /// none.</param>
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

        _going = rest.OutputShape(first);
        _done = second;
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
            Stage.Between(View.Packed(Going(_input), _done), View.Packed(_going, _done), rest, null),
        ];

    /// <summary>The layers for what goes on.</summary>
    public Bijector Rest => rest;

    /// <summary>The shape of what goes on, where <paramref name="input"/> goes in.</summary>
    /// <param name="input">The event shape.</param>
    /// <exception cref="ShapeException">The partition does not fit it.</exception>
    public Shape Going(Shape input) => _partition.Split(input).First;

    /// <summary>The network of what is done; null for none.</summary>
    internal Conditioner? Prior => prior is NoPrior ? null : prior;

    /// <summary>
    /// The same step where what goes on is only flattened: <see cref="Rest"/> on that part of it makes the whole.
    /// </summary>
    private FactorOut WithoutRest() => new(_partition, new Flatten(Going(_input)), Prior, _input);

    /// <summary>The type and the partition.</summary>
    public override string ToString() => $"FactorOut({_partition})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new FactorOut(_partition, rest.Frozen(Going(_input), dtype), Prior?.Frozen(), _input);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (going, done) = _partition.Split(x);
        var (raw, mean) = prior.ScaleAndShift(going, context);
        done = (done - mean) * exp(-_scale.LogScale(raw));
        going = rest.Forward(going, context);
        return Parts.Pack(going, done, _going, _done);
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
