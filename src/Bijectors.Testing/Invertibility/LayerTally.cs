namespace Bijectors.Testing;

/// <summary>What a layer has done so far to the points that reached it.</summary>
internal sealed class LayerTally(FlowLayer layer)
{
    // More than this of 1 + |x| is not a matter of rounding but of points that have become one.
    private const double Lost = 0.01;

    private readonly List<double> _errors = [];
    private readonly bool _hasEnds = !layer.Direction.Onto.Includes(Domain.Real);

    public FlowLayer Layer => layer;

    /// <summary>How many points came finite and left infinite or NaN.</summary>
    public int NotFinite { get; private set; }

    /// <summary>How many points it saturates.</summary>
    public int Saturated { get; private set; }

    public Errors OwnError => Errors.Of(_errors);

    /// <summary>Runs the layer there and straight back.</summary>
    /// <param name="x">The points that reach it.</param>
    /// <param name="context">Their context.</param>
    /// <param name="alive">Which of them are finite; those that no longer are afterwards are taken out.</param>
    /// <param name="saturated">Which of them some layer saturates; those of this one are added.</param>
    /// <returns>What comes out.</returns>
    public Tensor Add(Tensor x, Tensor? context, bool[] alive, bool[] saturated)
    {
        using var scope = NewDisposeScope();
        var y = layer.Direction.Apply(x, context);
        var errors = PointErrors.Worst(x, layer.Direction.Undo(y, context));
        var finite = PointErrors.Finite(y);
        var inside = _hasEnds ? PointErrors.All(layer.Direction.Onto.Contains(y)) : null;
        for (var i = 0; i < alive.Length; i++)
        {
            if (!alive[i])
            {
                continue;
            }

            if (!finite[i])
            {
                (alive[i], NotFinite) = (false, NotFinite + 1);
                continue;
            }

            _errors.Add(errors[i]);
            if (inside is not null && (!inside[i] || errors[i] > Lost))
            {
                (saturated[i], Saturated) = (true, Saturated + 1);
            }
        }

        return y.MoveToOuterDisposeScope();
    }
}
