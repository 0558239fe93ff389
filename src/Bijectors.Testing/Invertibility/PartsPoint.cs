namespace Bijectors.Testing;

/// <summary>
/// How a whole point holds parts whose shapes may have changed: each one, in row-major order, stands where the view has
/// it.
/// </summary>
internal sealed class PartsPoint
{
    private readonly View _view;
    private readonly Shape[] _places;

    /// <summary>A point in which each part has the shape that the view gives it.</summary>
    /// <param name="view">How the point is taken apart and put together.</param>
    /// <param name="whole">The event shape of the point.</param>
    /// <param name="events">The event shape of each part.</param>
    public PartsPoint(View view, Shape whole, Shape[] events)
        : this(view, whole, events, events)
    {
    }

    private PartsPoint(View view, Shape whole, Shape[] places, Shape[] events) =>
        (_view, Whole, _places, Events) = (view, whole, places, events);

    /// <summary>The event shape of the point.</summary>
    public Shape Whole { get; }

    /// <summary>The event shape of each part now.</summary>
    public Shape[] Events { get; }

    /// <summary>The same point where one part has another shape, of the same size.</summary>
    public PartsPoint With(int index, Shape part)
    {
        Shape[] events = [.. Events];
        events[index] = part;
        return new(_view, Whole, _places, events);
    }

    /// <summary>The parts, each in its shape.</summary>
    public IReadOnlyList<Tensor> Apart(Tensor whole) =>
        [.. _view.Apart(whole).Select((part, i) => Read(part, _places[i], Events[i]))];

    /// <summary>The whole.</summary>
    public Tensor Together(IReadOnlyList<Tensor> parts) =>
        _view.Together([.. parts.Select((part, i) => Read(part, Events[i], _places[i]))]);

    /// <summary>The domain of the whole where one part lies in a domain; null where it cannot be named.</summary>
    public Domain? Domain(int index, Domain part) =>
        _view.Together([.. Events.Select((_, i) => i == index ? part : Bijectors.Domain.Real)]);

    private static Tensor Read(Tensor part, Shape from, Shape to) =>
        from == to ? part : part.reshape([.. part.shape.AsSpan()[..^from.Rank], .. to.ToArray()]);
}
