using System.Collections.Immutable;

namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// Draws steps until a flow is as large as wanted. What would make it ill conditioned is drawn again.
/// </summary>
internal sealed partial class FlowDrawer(Chance chance, int size, int contextSize)
{
    private const int Patience = 6;

    private int Depth => Math.Min(3, (size + 1) / 2);

    /// <summary>The shape of one data point.</summary>
    public static Shape Shape(Chance chance)
    {
        return chance.Pick([(0, 1), (1, 4), (2, 4), (3, 5)]) switch
        {
            0 => Bijectors.Shape.Scalar,
            1 => Bijectors.Shape.Vector(chance.Pick([1, 2, 2, 3, 3, 4, 4, 5, 6, 8])),
            2 => Table(chance.Between(1, 4)),
            _ => chance.Pick(s_images),
        };

        Shape Table(int rows) => Bijectors.Shape.Of(rows, chance.Between(1, rows == 4 ? 3 : 4));
    }

    private static readonly Shape[] s_images =
    [
        Bijectors.Shape.Image(1, 2, 2), Bijectors.Shape.Image(2, 2, 2), Bijectors.Shape.Image(3, 2, 2),
        Bijectors.Shape.Image(1, 2, 4), Bijectors.Shape.Image(1, 4, 2), Bijectors.Shape.Image(2, 1, 2),
        Bijectors.Shape.Image(2, 2, 1), Bijectors.Shape.Image(4, 1, 2), Bijectors.Shape.Image(2, 2, 3),
        Bijectors.Shape.Image(1, 3, 2), Bijectors.Shape.Image(4, 1, 1), Bijectors.Shape.Image(3, 1, 4),
    ];

    /// <summary>A whole flow.</summary>
    public Sequence Flow(Shape shape)
    {
        if (contextSize == 0 && chance.Happens(0.03))
        {
            return OnCircle(shape);
        }

        var steps = Sequence.Of();
        if (chance.Happens(0.35))
        {
            steps = With(steps, shape, () => Start(shape));
        }

        steps = Steps(steps, shape, chance.Between(1, size), Depth, keep: false);
        if (contextSize > 0 && !steps.ReadsContext)
        {
            steps = With(steps, shape, () => Conditional(steps.Output(shape)));
        }

        return steps.Steps.Length > 0 ? steps : Sequence.Of(CurveStep.Identity);
    }

    /// <summary>Rotations and their inverses, rearrangements among them.</summary>
    private Sequence OnCircle(Shape shape)
    {
        var steps = new List<Step>();
        for (var count = chance.Between(1, size); count > 0; count--)
        {
            var turn = new RotationStep(chance.Between(-40, 40) / 10.0);
            steps.Add(chance.Happens(0.3) ? new InvertedStep(turn) : turn);
            if (shape.Rank > 0 && chance.Happens(0.5))
            {
                steps.Add(Reshapings.Keeping(chance, shape));
            }
        }

        return new([.. steps]);
    }

    /// <summary>Appends steps on all reals.</summary>
    /// <param name="steps">What is there.</param>
    /// <param name="shape">The shape that it starts from.</param>
    /// <param name="count">How many to append.</param>
    /// <param name="depth">How deep steps may be nested in them.</param>
    /// <param name="keep">Whether the shape that goes in must come out.</param>
    private Sequence Steps(Sequence steps, Shape shape, int count, int depth, bool keep)
    {
        for (var i = 0; i < count; i++)
        {
            var so = steps;
            steps = With(so, shape, () => Unit(so.Output(shape), depth, keep));
        }

        return steps;
    }

    private Sequence Inner(Shape shape, int depth)
    {
        // A half of the steps at each level, so that all together are not many more.
        var most = Math.Max(1, size >> (Depth - depth + 1));
        var steps = Steps(Sequence.Of(), shape, chance.Between(1, most), depth - 1, keep: true);
        return steps.Steps.Length > 0 ? steps : Sequence.Of(Reshapings.Keeping(chance, shape));
    }

    /// <summary>Appends what is drawn, as soon as the whole stays well conditioned.</summary>
    private static Sequence With(Sequence steps, Shape shape, Func<IEnumerable<Step>> draw)
    {
        for (var i = 0; i < Patience; i++)
        {
            Sequence more = new([.. steps.Steps, .. draw()]);
            if (Tameness.Holds(more, shape))
            {
                return more;
            }
        }

        return steps;
    }

    /// <summary>The beginning of a flow of data that are not all reals.</summary>
    private IEnumerable<Step> Start(Shape shape)
    {
        if (chance.Happens(0.15) && StartOfEvents(shape) is { } events)
        {
            return events;
        }

        var before =
            shape.Rank > 0 && chance.Happens(0.2) ? [Reshapings.Keeping(chance, shape)] : ImmutableArray<Step>.Empty;
        if (Splitting.Of(shape) is { Count: > 0 } splittings && chance.Happens(0.3))
        {
            var split = chance.Pick(splittings);
            var (first, second) = split.Make().Split(shape);
            return before.Add(chance.Happens(0.5)
                ? new OnStep(Walk(first, start: true), split)
                : new ParallelStep(Walk(first, start: true), Walk(second, start: true), split));
        }

        var walk = Walk(shape, start: true);
        return shape.Rank > 0 && chance.Happens(0.15)
            ? before.Add(Vectors(shape, vector => Walk(vector, start: true)))
            : before.AddRange(walk.Steps);
    }

    /// <summary>From a set of events; null where the shape is none of its events.</summary>
    private Step[]? StartOfEvents(Shape shape)
    {
        var map = new EventStep(chance.Pick(Enum.GetValues<EventMap>()));
        if (map.From(shape) is not { } from)
        {
            return null;
        }

        // The inverse brings far points nearer, or rounding would tie what ascends.
        var first = new InvertedStep(map, from == shape ? null : from);
        return map.Map == EventMap.Ascending
            ? [first, new InvertedStep(new CurveStep(CurveTable.Named(nameof(Asinh)), default))]
            : [first];
    }

    private Sequence Walk(Shape shape, bool start = false) => new(new CurveWalk(chance, shape).Draw(start).Steps);

    private AlongStep Vectors(Shape shape, Func<Shape, Sequence> inner)
    {
        var axis = -chance.Between(1, shape.Rank);
        return new(inner(Bijectors.Shape.Vector(shape[axis])), axis);
    }
}
