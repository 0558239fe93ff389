using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Two bijectors side by side on the two parts of a point: <c>(a, b) -> (f(a), g(b))</c>,
/// <c>log|dy/dx| = log|df(a)/da| + log|dg(b)/db|</c>.
/// </summary>
public sealed class Parallel : Bijector
{
    private readonly Bijector first;
    private readonly Bijector second;
    private readonly Partition _partition;

    /// <summary>Two bijectors side by side.</summary>
    /// <param name="f">The bijector of the first part; it keeps the number of dimensions.</param>
    /// <param name="g">The bijector of the second part; it keeps the number of dimensions.</param>
    /// <param name="partition">What the parts are.</param>
    /// <exception cref="ArgumentException">One of them changes the number of dimensions.</exception>
    public Parallel(Bijector f, Bijector g, Partition partition)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(partition);
        foreach (var part in new[] { f, g })
        {
            if (part.OutputEventRank != part.EventRank)
            {
                throw new ArgumentException(
                    $"Parallel({partition}): expected bijectors that keep the number of dimensions, "
                    + $"got {part} from {part.EventRank} to {part.OutputEventRank}.");
            }
        }

        first = f;
        second = g;
        _partition = partition;
        Domain = PartsDomain.Of(f.Domain, g.Domain, partition);
        Codomain = PartsDomain.Of(f.Codomain, g.Codomain, partition);
        RegisterComponents();
    }

    /// <summary>The bijector of the first part.</summary>
    public Bijector First => first;

    /// <summary>The bijector of the second part.</summary>
    public Bijector Second => second;

    /// <summary>What the parts are.</summary>
    public Partition Partition => _partition;

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_partition.EventRank, Math.Max(first.EventRank, second.EventRank));

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public override Domain Codomain { get; }

    /// <inheritdoc/>
    public override bool IsVolumePreserving => first.IsVolumePreserving && second.IsVolumePreserving;

    /// <inheritdoc/>
    public override bool HasConstantJacobian => first.HasConstantJacobian && second.HasConstantJacobian;

    /// <summary><c>Parallel(partition)</c>.</summary>
    public override string ToString() => $"Parallel({_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => Resized(input, first.OutputShape, second.OutputShape);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => Resized(output, first.InputShape, second.InputShape);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        using (a)
        using (b)
        using (var left = Nested.Forward(first, a, context))
        using (var right = Nested.Forward(second, b, context))
        {
            return _partition.Join(left, right);
        }
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        var (a, b) = _partition.Split(y);
        using (a)
        using (b)
        using (var left = Nested.Inverse(first, a, context))
        using (var right = Nested.Inverse(second, b, context))
        {
            return _partition.Join(left, right);
        }
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        var (a, b) = _partition.Split(x);
        using (a)
        using (b)
        {
            var (left, leftLogDet) = Nested.ForwardWithLogDet(first, a, context, eventRank);
            var (right, rightLogDet) = Nested.ForwardWithLogDet(second, b, context, eventRank);
            using (left)
            using (right)
            {
                return (_partition.Join(left, right), LogDets.Add(leftLogDet, rightLogDet));
            }
        }
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        var (a, b) = _partition.Split(y);
        using (a)
        using (b)
        {
            var (left, leftLogDet) = Nested.InverseWithLogDet(first, a, context, eventRank);
            var (right, rightLogDet) = Nested.InverseWithLogDet(second, b, context, eventRank);
            using (left)
            using (right)
            {
                return (_partition.Join(left, right), LogDets.Add(leftLogDet, rightLogDet));
            }
        }
    }

    private Shape Resized(Shape shape, Func<Shape, Shape> left, Func<Shape, Shape> right)
    {
        try
        {
            var (a, b) = _partition.Split(shape);
            return _partition.Join(left(a), right(b));
        }
        catch (ShapeException e)
        {
            throw e.At(ToString());
        }
    }
}
