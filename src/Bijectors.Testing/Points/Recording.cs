namespace Bijectors.Testing;

/// <summary>
/// The calls that a bijector makes of the bijectors inside it, in their order, with the points that reach them.
/// </summary>
internal sealed class Recording : IDisposable
{
    private readonly List<(Bijector F, bool Inverse, Tensor Point, Tensor? Context)> _calls = [];

    // Tensors passed on are disposed with the call that made it.
    private readonly List<Tensor> _kept = [];

    /// <summary>
    /// What both directions run at the points that the laws test, and one direction at the points where a law does not
    /// hold.
    /// </summary>
    public Recording(LawContext lawContext, Violation violation)
    {
        if (violation is { Direction: { } failing, Points: { } at })
        {
            Run(failing, () => at);
        }

        foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
        {
            Run(direction, () => lawContext.PointsOf(direction));
        }
    }

    /// <summary>The bijectors that were called, each once, in the order in which they first meet a point.</summary>
    public IEnumerable<Bijector> Called => _calls.Select(call => call.F).Distinct();

    /// <summary>
    /// The shape of the events and the size of the context that reach a bijector; null where they cannot be
    /// told from the batch.
    /// </summary>
    public (Shape Shape, int? ContextSize)? Reaching(Bijector f) =>
        _calls.Where(call => ReferenceEquals(call.F, f)).Select(Sizes).FirstOrDefault(sizes => sizes is not null);

    /// <summary>
    /// The calls of the bijector of a law context, on its shape of events, with a context where its case has one.
    /// </summary>
    public IEnumerable<(Direction Direction, Points Points)> Of(LawContext lawContext)
    {
        var (f, shape) = (lawContext.Bijector, lawContext.Case.Shape);
        foreach (var call in _calls.Where(call => ReferenceEquals(call.F, f) && Sizes(call)?.Shape == shape))
        {
            var context = lawContext.Case.ContextSize is { } size
                ? call.Context?.expand([call.Point.shape[0], size])
                : null;
            var direction = Direction.Both(f, shape)[call.Inverse ? 1 : 0];

            // What an earlier one got wrong is no point to judge it by.
            if (direction.From.Contains(call.Point).all().item<bool>())
            {
                yield return (direction, new(call.Point, context));
            }
        }
    }

    public void Dispose() => _kept.ForEach(tensor => tensor.Dispose());

    private static (Shape Shape, int? ContextSize)? Sizes(
        (Bijector F, bool Inverse, Tensor Point, Tensor? Context) call)
    {
        var (f, inverse, point, context) = call;
        var rank = inverse ? f.OutputEventRank : f.EventRank;
        if (point.dim() <= rank || context?.dim() > 2 || (context?.dim() == 2 && context.shape[0] != point.shape[0]))
        {
            return null;
        }

        var shape = Shape.Of(point.shape.AsSpan()[1..]);
        return (inverse ? f.InputShape(shape) : shape, (int?)context?.shape[^1]);
    }

    private Tensor Keep(Tensor x)
    {
        using var detached = x.detach();
        _kept.Add(detached.clone().DetachFromDisposeScope());
        return _kept[^1];
    }

    private void Run(Direction direction, Func<Points> choose)
    {
        try
        {
            var points = choose();
            Nested.Observe(
                (f, inverse, point, context) =>
                    _calls.Add((f, inverse, Keep(point), context is null ? null : Keep(context))),
                () => direction.ApplyWithLogDet(points.X, points.Context));
        }
        catch (Exception)
        {
            // What was called until then is known; of a side on which no point can be drawn, nothing.
        }
    }
}
