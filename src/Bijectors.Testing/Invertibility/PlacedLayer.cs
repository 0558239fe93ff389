namespace Bijectors.Testing;

/// <summary>A direction of a bijector on one part of a whole point; the other parts stay.</summary>
internal sealed class PlacedLayer : Bijector
{
    // No modules: a layer is looked at where it is, and belongs to the flow.
    private readonly Direction _direction;
    private readonly int _index;
    private readonly PartsPoint _from;
    private readonly PartsPoint _onto;

    private PlacedLayer(
        Direction direction, int index, PartsPoint from, PartsPoint onto, Domain domain, Domain codomain) =>
        (_direction, _index, _from, _onto, Domain, Codomain) = (direction, index, from, onto, domain, codomain);

    public override int EventRank => _from.Whole.Rank;

    public override int OutputEventRank => _onto.Whole.Rank;

    public override Domain Domain { get; }

    public override Domain Codomain { get; }

    /// <summary>A layer on whole points; null where the domains of the whole cannot be named.</summary>
    /// <param name="direction">The direction that runs on the part.</param>
    /// <param name="index">Which part.</param>
    /// <param name="from">The whole point before.</param>
    /// <param name="onto">The whole point after.</param>
    public static PlacedLayer? Of(Direction direction, int index, PartsPoint from, PartsPoint onto) =>
        from.Domain(index, direction.From) is { } domain && onto.Domain(index, direction.Onto) is { } codomain
            ? new(direction, index, from, onto, domain, codomain)
            : null;

    public override string ToString() => _direction.Bijector.ToString();

    protected override Shape OutputShapeCore(Shape input) => Same(input, _from.Whole, _onto.Whole);

    protected override Shape InputShapeCore(Shape output) => Same(output, _onto.Whole, _from.Whole);

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) =>
        Run(x, _from, _onto, part => (_direction.Apply(part, context), null)).Point;

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
        Run(y, _onto, _from, part => (_direction.Undo(part, context), null)).Point;

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        WithLogDet(Run(x, _from, _onto, part => _direction.ApplyWithLogDet(part, context, Rank(x, part, eventRank))));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        WithLogDet(
            Run(y, _onto, _from, part => _direction.Other.ApplyWithLogDet(part, context, Rank(y, part, eventRank))));

    /// <summary>
    /// Over how many last dimensions of the part the log-det is summed: all but the batch, so also over the places.
    /// </summary>
    private static int Rank(Tensor whole, Tensor part, int eventRank) => (int)(part.dim() - (whole.dim() - eventRank));

    private static (Tensor Point, Tensor LogDet) WithLogDet((Tensor Point, Tensor? LogDet) both) =>
        (both.Point, both.LogDet!);

    private static Shape Same(Shape shape, Shape expected, Shape result) =>
        shape == expected
            ? result
            : throw new ShapeException("A layer on a part", $"expected {expected}", $"got {shape}");

    private (Tensor Point, Tensor? LogDet) Run(
        Tensor point, PartsPoint from, PartsPoint onto, Func<Tensor, (Tensor, Tensor?)> map)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. from.Apart(point)];
        (parts[_index], var logDet) = map(parts[_index]);
        var result = onto.Together(parts).MoveToOuterDisposeScope();
        logDet?.MoveToOuterDisposeScope();
        return (result, logDet);
    }
}
