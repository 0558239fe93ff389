namespace Bijectors.Testing.RandomFlows;

/// <summary>Smaller flows in the place of a flow.</summary>
internal static class FlowShrinking
{
    public static IEnumerable<RandomFlow> Smaller(RandomFlow flow) => Candidates(flow)
        .Where(candidate => candidate.Cost < flow.Cost)
        .OrderBy(candidate => candidate.Cost)
        .Distinct()
        .Where(IsFlow);

    private static IEnumerable<RandomFlow> Candidates(RandomFlow flow)
    {
        var context = flow.ContextSize;
        var identity = Sequence.Of(CurveStep.Identity);
        yield return new(Shape.Scalar, identity, null);
        yield return new(flow.Shape, identity, null);
        if (context is not null)
        {
            var net = new Network(NetworkType.UsualCausal, Hidden: 1, Layers: 0, ReadsContext: true);
            yield return new(Shape.Vector(1), Sequence.Of(new AutoregressiveStep(net, new())), 1);
        }

        foreach (var (steps, shape) in Alone(flow.Steps, flow.Shape))
        {
            yield return With(shape, steps);
        }

        if (context is not null)
        {
            yield return new(flow.Shape, flow.Steps.WithoutContext(), null);
            yield return new(flow.Shape, flow.Steps, 1, flow.IsStandardized);
            yield return new(flow.Shape, flow.Steps, context);
        }

        foreach (var shape in Smaller(flow.Shape))
        {
            yield return With(shape, flow.Steps);
        }

        // Some steps become simpler only together with the shape: halves of the channels, where there are
        // no more channels.
        var vector = Shape.Vector(flow.Shape.Size);
        foreach (var steps in flow.Steps.Simpler(flow.Shape))
        {
            yield return With(flow.Shape, steps);
            yield return With(vector, steps);
        }

        RandomFlow With(Shape shape, Sequence steps) => new(
            shape, steps, steps.ReadsContext ? context : null, flow.IsStandardized && steps.ReadsContext);
    }

    /// <summary>Every step, however deep, what is simpler than it, and every inverse of one, as a flow of its
    /// own.</summary>
    private static IEnumerable<(Sequence Steps, Shape Shape)> Alone(Sequence steps, Shape input)
    {
        foreach (var (step, shape) in steps.Steps.Zip(steps.Shapes(input)))
        {
            yield return (Sequence.Of(step), shape);

            // Between others it must give the shape that it gave; alone, what is simpler may give another.
            foreach (var simpler in step.Simpler(shape))
            {
                yield return (Sequence.Of(simpler), shape);
            }

            if (step is not InvertedStep)
            {
                yield return (Sequence.Of(new InvertedStep(step, step.Output(shape) == shape ? null : shape)),
                    step.Output(shape));
            }

            foreach (var (inner, part) in step.Inside(shape))
            {
                yield return (inner, part);
                foreach (var alone in Alone(inner, part))
                {
                    yield return alone;
                }
            }
        }
    }

    private static IEnumerable<Shape> Smaller(Shape shape)
    {
        for (var dim = 0; dim < shape.Rank; dim++)
        {
            yield return Shape.Of([.. shape.ToArray().Where((_, i) => i != dim)]);
            foreach (var size in new[] { 1, 2, shape[dim] / 2, shape[dim] - 1 }
                .Where(size => size > 0 && size < shape[dim]))
            {
                yield return shape.With(dim, size);
            }
        }
    }

    /// <summary>Whether it can be declared at all, and tells right from wrong.</summary>
    private static bool IsFlow(RandomFlow candidate)
    {
        try
        {
            if (candidate.Steps.Steps.Length == 0 || !Tameness.Holds(candidate.Steps, candidate.Shape))
            {
                return false;
            }

            using var flow = candidate.Declare(0);
            return true;
        }
        catch (ArgumentException)
        {
            // A shape or a domain that does not fit.
            return false;
        }
    }
}
