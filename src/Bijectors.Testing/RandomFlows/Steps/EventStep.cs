namespace Bijectors.Testing.RandomFlows;

/// <summary>A map of all vectors onto a set of events; Stereographic is all of the sphere but one point.</summary>
internal enum EventMap
{
    Ascending,
    StickBreaking,
    Stereographic,
    FillCholesky,
}

/// <summary>
/// <c>new StickBreaking()</c> and the like. What comes out is no interval of all entries: the numbers that stand for it
/// are gaps where vectors ascend, pieces of a stick, entries on a diagonal.
/// </summary>
internal sealed record EventStep(EventMap Map) : Step
{
    // On the circle, one uniform point in 15,000 is projected further out.
    private const double FarProjection = 1e4;

    public override IEnumerable<string> Forms => [$"{Map}"];

    public override int Cost => 120 + (5 * (int)Map);

    public override IEnumerable<Interval> Codomains => [Stands];

    /// <summary>The interval of the numbers that stand for what comes out.</summary>
    private Interval Stands => (Interval)(Map switch
    {
        EventMap.StickBreaking => Domain.Unit,
        EventMap.Stereographic => Domain.Real,
        _ => Domain.Positive,
    });

    /// <summary>A map of vectors of some length; null where the shape has none.</summary>
    public static EventStep? Draw(Chance chance, Shape shape)
    {
        var step = new EventStep(chance.Pick(Enum.GetValues<EventMap>()));
        return SmallShapes.Fits(s => step.Output(s), shape) ? step : null;
    }

    /// <summary>The shape that the map starts from where it gives another; null where it gives none such.</summary>
    public Shape? From(Shape output)
    {
        using var map = Make();
        Shape? from = null;
        return output.Rank >= map.OutputEventRank
            && SmallShapes.Fits(s => (from = map.InputShape(s)).Value, output)
            && from is { } found && SmallShapes.Fits(s => Output(s), found) ? from : null;
    }

    public override Shape Output(Shape input)
    {
        if (input.Rank == 0 || (Map == EventMap.Ascending && input[-1] < 2))
        {
            throw new ShapeException($"{Map}", "expected vectors", $"got {input}");
        }

        using var map = Make();
        return map.OutputShape(input);
    }

    public override Bijector Build(Shape input, Making making) => Make();

    public override string Write(Shape input, int contextSize) => $"new {Map}()";

    public override Probes Forward(Probes probes, Shape input) => Map switch
    {
        EventMap.Ascending => Sum(probes.Through(Real, Math.Exp, Math.Exp), input),
        EventMap.FillCholesky => probes.Through(Real, Math.Exp, Math.Exp),
        EventMap.StickBreaking => probes.Through(Real, Scalars.Sigmoid, x => Scalars.Sigmoid(x) * Scalars.Sigmoid(-x)),
        _ => probes.Mixed(size => 2 * size),
    };

    public override Probes Backward(Probes probes, Shape input) => Map switch
    {
        EventMap.Ascending => Sum(probes, input).Through(Stands, Math.Log, y => 1 / y),
        EventMap.FillCholesky => probes.Through(Stands, Math.Log, y => 1 / y),
        EventMap.StickBreaking => probes.Through(Stands, Scalars.Logit, y => 1 / (y * (1 - y))),
        _ => probes.Mixed(size => 2 * size).Reaching(FarProjection),
    };

    private static Interval Real => (Interval)Domain.Real;

    /// <summary>Gaps are differences of sums, which round as the largest sum does.</summary>
    private static Probes Sum(Probes gaps, Shape input) => gaps.Blurred(largest => input[-1] * largest);

    private Bijector Make() => Map switch
    {
        EventMap.Ascending => new Ascending(),
        EventMap.StickBreaking => new StickBreaking(),
        EventMap.Stereographic => new Stereographic(),
        _ => new FillCholesky(),
    };
}
