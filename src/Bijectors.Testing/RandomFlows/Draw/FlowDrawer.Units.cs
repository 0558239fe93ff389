namespace Bijectors.Testing.RandomFlows;

internal sealed partial class FlowDrawer
{
    private enum Kind
    {
        Curves, Bracketed, Halfway, Keeping, Changing, Linear, Coupling, Autoregressive, Elementwise, Residual, LowRank,
        Events, Along, On, Parallel, FactorOut, Inverted, Chain,
    }

    /// <summary>Some steps that belong together, from all reals onto all reals.</summary>
    private IEnumerable<Step> Unit(Shape shape, int depth, bool keep)
    {
        var splits = Splitting.Of(shape).Count > 0;
        var (vectors, nested) = (shape.Rank > 0 ? 1 : 0, depth > 0 ? 1 : 0);
        return chance.Pick(
        [
            (Kind.Curves, 6), (Kind.Bracketed, 1), (Kind.Halfway, splits ? 1 : 0), (Kind.Keeping, 3),
            (Kind.Changing, 3), (Kind.Linear, 4),
            (Kind.Coupling, splits ? 8 : 0), (Kind.Autoregressive, 3 * vectors), (Kind.Elementwise, 1),
            (Kind.Events, 2 * vectors),
            (Kind.Residual, vectors * (shape.Rank > 0 && shape[-1] <= 4 ? 1 : 0)),
            (Kind.LowRank, vectors),
            (Kind.Along, 4 * vectors * nested), (Kind.On, splits ? 2 * nested : 0),
            (Kind.Parallel, splits ? 2 * nested : 0), (Kind.FactorOut, splits ? 2 * nested : 0),
            (Kind.Inverted, 3 * nested), (Kind.Chain, nested),
        ]) switch
        {
            Kind.Curves => Walk(shape).Steps,
            Kind.Bracketed => Bracketed(shape),
            Kind.Halfway => Halfway(shape),
            Kind.Keeping => [Reshapings.Keeping(chance, shape)],
            Kind.Changing => Changing(shape, depth, keep),
            Kind.Linear => [Linear(shape)],
            Kind.Coupling => Coupling(shape) is { } coupling ? [coupling] : [],
            Kind.Autoregressive => [Autoregressive(shape)],
            Kind.Elementwise => [new ElementwiseStep(Mapping.Draw(chance))],
            Kind.Residual =>
                [new ResidualStep(chance.Between(1, 3), chance.Between(1, 2), IsConditional(), chance.Happens(0.3))],
            Kind.LowRank => [LowRankStep.Draw(chance, shape, IsConditional())],
            Kind.Events => Events(shape),
            Kind.Along => [Vectors(shape, vector => Inner(vector, depth))],
            Kind.On => [On(shape, depth)],
            Kind.Parallel => [Parallel(shape, depth)],
            Kind.FactorOut => FactorOut(shape, depth, keep),
            Kind.Inverted => Inverted(shape, depth, keep),
            _ => [Inner(shape, depth)],
        };
    }

    /// <summary>Elementwise steps with a rearrangement in between, undone afterwards or not.</summary>
    private IEnumerable<Step> Bracketed(Shape shape)
    {
        var walk = new CurveWalk(chance, shape).Draw(start: false, plain: true).Steps;
        var (first, last) = (chance.Below(walk.Length), chance.Below(walk.Length));
        (first, last) = (Math.Min(first, last), Math.Max(first, last) + 1);
        if (chance.Happens(0.5) || Reshapings.Changing(chance, shape) is not { } change)
        {
            return walk.Insert(first, Reshapings.Keeping(chance, shape));
        }

        return walk.Insert(last, Reshapings.Undo(change, shape)).Insert(first, change);
    }

    /// <summary>Two parts that go through different intervals, and back onto all reals in another step.</summary>
    private IEnumerable<Step> Halfway(Shape shape)
    {
        var split = chance.Pick(Splitting.Of(shape));
        var (a, b) = split.Make().Split(shape);
        if (Cut(a) is not { } first || Cut(b) is not { } second)
        {
            return [];
        }

        var between = chance.Happens(0.5)
            ? new CurveStep(CurveTable.Named(nameof(Affine)), new(chance.Pick<double>([2, -1, 0.5]), 1)) : null;
        return
        [
            new ParallelStep(first.Before, second.Before, split),
            .. between is null ? Array.Empty<Step>() : [between, new InvertedStep(between)],
            new ParallelStep(first.After, second.After, split),
        ];
    }

    /// <summary>A walk cut in two where the second half wants exactly what the first half gives.</summary>
    private (Sequence Before, Sequence After)? Cut(Shape shape)
    {
        var (steps, states) = new CurveWalk(chance, shape).Draw(start: false, plain: true);
        var cuts = Enumerable.Range(1, steps.Length - 1)
            .Where(i => !steps[i].IsTransparent && steps[i].Domains.Single().Equals(states[i])).ToList();
        return cuts.Count == 0 ? null : chance.Pick(cuts) is var cut ? (new(steps[..cut]), new(steps[cut..])) : null;
    }

    private IEnumerable<Step> Changing(Shape shape, int depth, bool keep)
    {
        if (Reshapings.Changing(chance, shape) is not { } change)
        {
            return [];
        }

        return keep || (depth > 0 && chance.Happens(0.5))
            ? [change, .. Inner(change.Output(shape), depth).Steps, Reshapings.Undo(change, shape)]
            : [change];
    }

    private Step Linear(Shape shape)
    {
        var rank = chance.Between(0, shape.Rank);
        return chance.Below(shape.Rank == 0 ? 2 : shape.Rank < 3 ? 6 : 8) switch
        {
            0 => new ActNormStep(null, rank),
            1 => new StandardizeStep(chance.Key(), rank),
            2 => new ActNormStep(-chance.Between(1, shape.Rank), 0),
            3 or 4 => new LinearStep(),
            5 => new HouseholderStep(chance.Between(1, (int)Math.Min(shape[-1], 4))),
            6 => new ConvolutionStep(),
            _ => new TriangularStep(chance.Pick(Enum.GetValues<Corner>())),
        };
    }

    private CouplingStep? Coupling(Shape shape, bool conditional = false)
    {
        for (var i = 0; i < Patience; i++)
        {
            var net = Net(shape);
            var kind = chance.Pick([(CouplingKind.Additive, 3), (CouplingKind.Affine, 4), (CouplingKind.Glow, 1),
                (CouplingKind.Transformer, 3)]);
            var split = chance.Happens(0.25) ? null : chance.Pick(Splitting.Of(shape));
            var scale = kind == CouplingKind.Affine && chance.Happens(0.7) ? Scaling.Draw(chance) : null;
            var map = kind == CouplingKind.Transformer ? Mapping.Draw(chance) : null;
            var step = new CouplingStep(kind, conditional ? net with { ReadsContext = true } : net, split, scale, map);
            if (SmallShapes.Fits(step.Output, shape))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>A network that reads events of the shape, those of all its dimensions more often.</summary>
    private Network Net(Shape shape) => new(
        chance.Pick([.. NetworkType.All.Where(type => !type.IsCausal && type.EventRank <= shape.Rank)
            .Select(type => (type, type.IsUsual ? 4 : type.EventRank == 1 ? 2 : 5))]),
        chance.Between(1, 5), chance.Between(0, 2), IsConditional());

    private AutoregressiveStep Autoregressive(Shape shape, bool conditional = false)
    {
        var map = chance.Happens(0.4) ? Mapping.DrawClosed(chance) : null;
        var scale = map is null && chance.Happens(0.6) ? Scaling.Draw(chance) : null;
        var net = new Network(
            chance.Pick([.. NetworkType.All.Where(type => type.IsCausal && type.EventRank <= shape.Rank)]),
            chance.Between(1, 6), chance.Between(0, 1), conditional || IsConditional());
        var masks = net.Type.Takes(typeof(MadeOptions)) ? Masking.Draw(chance) : new();
        return new(net, masks, scale, net.Type.TakesOutputs || net.Type.Takes(typeof(MadeOptions)) ? map : null);
    }

    /// <summary>Onto a set of events and back, now and then between curves that bring far points nearer.</summary>
    private IEnumerable<Step> Events(Shape shape)
    {
        if (EventStep.Draw(chance, shape) is not { } map)
        {
            return [];
        }

        Step[] there = [map, new InvertedStep(map, shape)];
        var near = new CurveStep(CurveTable.Named(nameof(Asinh)), default);
        return chance.Happens(0.5) ? there : [near, .. there, new InvertedStep(near)];
    }

    private OnStep On(Shape shape, int depth)
    {
        var split = chance.Pick(Splitting.Of(shape));
        return new(Inner(split.Make().Split(shape).First, depth), split);
    }

    private ParallelStep Parallel(Shape shape, int depth)
    {
        var split = chance.Pick(Splitting.Of(shape));
        var (a, b) = split.Make().Split(shape);
        return new(Inner(a, depth), Inner(b, depth), split);
    }

    private IEnumerable<Step> FactorOut(Shape shape, int depth, bool keep)
    {
        var step = Multiscale(shape, depth);
        return keep || chance.Happens(0.3)
            ? [step, .. chance.Happens(0.5)
                ? [Reshapings.Keeping(chance, Bijectors.Shape.Vector(shape.Size))]
                : Array.Empty<Step>(), Back(shape, depth)]
            : [step];
    }

    /// <summary>From a vector to a shape.</summary>
    private Step Back(Shape shape, int depth) => chance.Happens(0.3)
        ? new InvertedStep(Multiscale(shape, depth), shape)
        : shape.Rank > 1 && chance.Happens(0.5)
        ? new InvertedStep(new FlattenStep(shape.Rank), shape)
        : new ReshapeStep(1, shape);

    private FactorOutStep Multiscale(Shape shape, int depth)
    {
        var split = chance.Pick(Splitting.Of(shape));
        var retained = split.Make().Split(shape).First;
        var rest = chance.Happens(0.3) && Reshapings.Changing(chance, retained) is { } change
            ? Sequence.Of(change)
            : Inner(retained, depth);
        var step = new FactorOutStep(split, rest, Net(shape));
        return chance.Happens(0.6) && SmallShapes.Fits(step.Output, shape) ? step : step with { Prior = null };
    }

    private IEnumerable<Step> Inverted(Shape shape, int depth, bool keep)
    {
        if (!keep && shape.Rank == 1 && chance.Happens(0.3)
            && Reshapings.Factored(chance, shape.Size, 3) is { } from && Splitting.Of(from).Count > 0)
        {
            return [new InvertedStep(Multiscale(from, depth), from)];
        }

        return [
            new InvertedStep(chance.Happens(0.6) ? new([.. Unit(shape, depth - 1, keep: true)]) : Inner(shape, depth))];
    }

    /// <summary>A step that reads the context.</summary>
    private IEnumerable<Step> Conditional(Shape shape)
    {
        if (shape.Rank == 0)
        {
            var one = Bijectors.Shape.Vector(1);
            var vector = new ReshapeStep(0, one);
            return [vector, Autoregressive(one, conditional: true), new InvertedStep(vector, shape)];
        }

        return chance.Happens(0.5) && Splitting.Of(shape).Count > 0
            && Coupling(shape, conditional: true) is { } coupling
            ? [coupling]
            : [Autoregressive(shape, conditional: true)];
    }

    private bool IsConditional() => contextSize > 0 && chance.Happens(0.7);
}
