using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A bijector on the first part of a point, the identity on the second: <c>(a, b) -> (f(a), b)</c>,
/// <c>log|dy/dx| = log|df(a)/da|</c>. Written <c>f.On(part)</c>; <see cref="Partition.Swapped"/>
/// chooses the other part.
/// </summary>
[GeneratedBijector]
public sealed partial class On : Bijector
{
    private readonly Bijector inner;
    private readonly Partition _part;

    /// <summary>A bijector on a part.</summary>
    /// <param name="inner">The bijector of the first part; it keeps the number of dimensions.</param>
    /// <param name="part">What the first part is.</param>
    /// <exception cref="ArgumentException">The inner bijector changes the number of dimensions.</exception>
    public On(Bijector inner, Partition part)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(part);
        if (inner.OutputEventRank != inner.EventRank)
        {
            throw new ArgumentException(
                $"On({part}): expected a bijector that keeps the number of dimensions, "
                + $"got {inner} from {inner.EventRank} to {inner.OutputEventRank}.",
                nameof(inner));
        }

        Nesting.CheckAround(nameof(On), inner);
        this.inner = inner;
        _part = part;
        Domain = PartsDomain.Of(inner.Domain, Domain.Real, part);
        Codomain = PartsDomain.Of(inner.Codomain, Domain.Real, part);
        RegisterComponents();
    }

    /// <summary>The bijector of the part.</summary>
    public Bijector Inner => inner;

    /// <summary>What the first part is.</summary>
    public Partition Part => _part;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => [Stage.On(View.Parts(_part), inner, null)];

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_part.EventRank, inner.EventRank);

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public override Domain Codomain { get; }

    /// <summary><c>On(part)</c>.</summary>
    public override string ToString() => $"On({_part})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new On(inner.Frozen(_part.Split(input).First, dtype), _part);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b) = _part.Split(x);
        a = inner.Forward(a, context);
        return _part.Join(a, b);
    }
}
