using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Two bijectors side by side on the two parts of a point: <c>(a, b) -> (f(a), g(b))</c>,
/// <c>log|dy/dx| = log|df(a)/da| + log|dg(b)/db|</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class Parallel : Bijector
{
    private readonly Bijector first;
    private readonly Bijector second;
    private readonly Partition _partition;

    /// <summary>Two bijectors side by side.</summary>
    /// <param name="first">The bijector of the first part; it keeps the number of dimensions.</param>
    /// <param name="second">The bijector of the second part; it keeps the number of dimensions.</param>
    /// <param name="partition">What the parts are.</param>
    /// <exception cref="ArgumentException">One of them changes the number of dimensions.</exception>
    public Parallel(Bijector first, Bijector second, Partition partition)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(partition);
        foreach (var part in new[] { first, second })
        {
            if (part.OutputEventRank != part.EventRank)
            {
                throw new ArgumentException(
                    $"Parallel({partition}): expected bijectors that keep the number of dimensions, "
                    + $"got {part} from {part.EventRank} to {part.OutputEventRank}.");
            }
        }

        Nesting.CheckAround(nameof(Parallel), first, second);
        this.first = first;
        this.second = second;
        _partition = partition;
        Domain = PartsDomain.Of(first.Domain, second.Domain, partition);
        Codomain = PartsDomain.Of(first.Codomain, second.Codomain, partition);
        RegisterComponents();
    }

    /// <summary>The bijector of the first part.</summary>
    public Bijector First => first;

    /// <summary>The bijector of the second part.</summary>
    public Bijector Second => second;

    /// <summary>What the parts are.</summary>
    public Partition Partition => _partition;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => [Stage.On(View.Parts(_partition), first, second)];

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_partition.EventRank, Math.Max(first.EventRank, second.EventRank));

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public override Domain Codomain { get; }

    /// <summary><c>Parallel(partition)</c>.</summary>
    public override string ToString() => $"Parallel({_partition})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype)
    {
        var (a, b) = _partition.Split(input);
        return new Parallel(first.Frozen(a, dtype), second.Frozen(b, dtype), _partition);
    }

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        a = first.Forward(a, context);
        b = second.Forward(b, context);
        return _partition.Join(a, b);
    }
}
