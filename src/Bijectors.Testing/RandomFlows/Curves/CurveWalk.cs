using System.Collections.Immutable;

namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// Draws elementwise bijectors one after another, from all reals or from the domain of the first of them, through
/// intervals, and at last onto all reals.
/// </summary>
internal sealed class CurveWalk(Chance chance, Shape shape)
{
    private const int Longest = 8;
    private const int Patience = 20;

    private readonly Splitting[] _splittings = [.. Splitting.Of(shape)];

    /// <summary>The steps, and the interval before each of them.</summary>
    /// <param name="start">Whether it is the beginning of a flow: then the first step may bound the data.</param>
    /// <param name="plain">Whether all steps are to work on all entries alike.</param>
    public (ImmutableArray<Step> Steps, ImmutableArray<Interval> States) Draw(bool start, bool plain = false)
    {
        while (true)
        {
            var goal = chance.Between(1, 4);
            var steps = ImmutableArray.CreateBuilder<Step>();
            var states = ImmutableArray.CreateBuilder<Interval>();
            var state = start ? null : (Interval)Domain.Real;
            while (steps.Count < Longest)
            {
                var candidates = Candidates(state);
                var closing = candidates.Where(c => c.After?.Equals(Domain.Real) ?? false).ToList();
                var (step, after) = steps.Count + 1 >= goal && closing.Count > 0 && chance.Happens(0.7)
                    ? chance.Pick(closing)
                    : chance.Pick(candidates);
                states.Add(state ?? (Interval)Domain.Real);
                steps.Add(plain || state is null ? step : Spread(step, state, after!, candidates));
                state = after;
                if (steps.Count >= goal && (state?.Equals(Domain.Real) ?? true))
                {
                    return (steps.ToImmutable(), states.ToImmutable());
                }
            }
        }
    }

    /// <summary>
    /// Every curve and every inverse of one that is defined on an interval and takes it to one with simple ends.
    /// </summary>
    /// <param name="state">The interval; null where nothing has bounded the points.</param>
    private List<(Step Step, Interval? After)> Candidates(Interval? state)
    {
        var found = new List<(Step, Interval?)>();
        foreach (var curve in CurveTable.All)
        {
            var step = new CurveStep(curve, Numbers(curve, state));
            Add(step);
            if (chance.Happens(0.4) && !curve.IsIdentity)
            {
                Add(new InvertedStep(step));
            }
        }

        if (state is not null && Towards(state) is { } normal)
        {
            Add(normal);
            Add(normal);
        }

        return found;

        void Add(Step step)
        {
            if (state is null)
            {
                found.Add((step, step.IsTransparent ? null : step.Codomains.Single()));
            }
            else if (step.Domains.Single().Includes(state) && Simple(step, state) is { } after)
            {
                found.Add((step, after));
            }
        }
    }

    /// <summary>The line that takes an interval to (0, 1), (-1, 1) or (0, inf), where its numbers are exact.</summary>
    private Step? Towards(Interval state)
    {
        var (low, high) = (state.Low, state.High);
        if (double.IsInfinity(low) || double.IsInfinity(high))
        {
            return double.IsInfinity(low) == double.IsInfinity(high) ? null
                : double.IsInfinity(high) ? Line(1, -low) : Line(-1, high);
        }

        var signs = chance.Happens(0.5);
        var scale = (signs ? 2 : 1) / (high - low);
        // The shift may be -0, which is written as another number.
        return Math.Log2(scale) == Math.Round(Math.Log2(scale)) ? Line(scale, (signs ? -1 : 0) - (scale * low)) : null;

        Step Line(double a, double b) => new CurveStep(CurveTable.Named(nameof(Affine)), new(a, b + 0.0));
    }

    /// <summary>The image of an interval, where rounding cannot move its ends; null where it can.</summary>
    private static Interval? Simple(Step step, Interval state)
    {
        var (curve, map) = step switch
        {
            InvertedStep { Steps.Steps: [CurveStep inner] } => (inner, (Func<double, double>)inner.Map.Inverse),
            CurveStep outer => (outer, outer.Map.Forward),
            _ => throw new ArgumentException($"Expected a curve or the inverse of one, got {step}."),
        };

        // What bends by a number moves other ends than these by some rounding.
        if (curve is { IsTransparent: false, Curve.Numbers: > 0 }
            && !new[] { state.Low, state.High }.All(x => x is 0 or 1 || double.IsInfinity(x)))
        {
            return null;
        }

        var (a, b) = (map(state.Low) + 0.0, map(state.High) + 0.0);
        return IsSimple(a) && IsSimple(b) && a != b ? new(Math.Min(a, b), Math.Max(a, b)) : null;

        static bool IsSimple(double x) => double.IsInfinity(x) || (Math.Abs(x) <= 16 && x * 16 == Math.Round(x * 16));
    }

    /// <summary>Numbers that a curve takes: the first one is no zero, as scales and exponents must not be.</summary>
    private Parameters Numbers(Curve curve, Interval? state)
    {
        // Where ends must stay exact, powers of two.
        var exact = state is not null && !state.Equals(Domain.Real);
        for (var i = 0; i < Patience && curve.Numbers > 0; i++)
        {
            var sign = chance.Happens(0.3) ? -1 : 1;
            var factor = exact ? chance.Pick<double>([0.25, 0.5, 2, 4]) : Tenths(4, 25);
            var further = Enumerable.Range(1, curve.Numbers - 1)
                .Select(_ => exact ? chance.Between(-8, 8) / 4.0 : Tenths(-15, 15));
            var numbers = new Parameters([sign * factor, .. further]);
            if (curve.Map(numbers) is not null)
            {
                return numbers;
            }
        }

        return curve.Usual;
    }

    private double Tenths(int low, int high) => chance.Between(low, high) / 10.0;

    /// <summary>The same step along an axis, on a part, or beside another one.</summary>
    private Step Spread(
        Step step, Interval state, Interval after, IReadOnlyList<(Step Step, Interval? After)> candidates)
    {
        if (shape.Rank == 0 || !chance.Happens(0.2))
        {
            return step;
        }

        if (_splittings.Length == 0 || chance.Happens(0.3))
        {
            return new AlongStep(Sequence.Of(step), -chance.Between(1, shape.Rank));
        }

        var split = chance.Pick(_splittings);
        return after.Equals(state) && chance.Happens(0.5)
            ? new OnStep(Sequence.Of(step), split)
            : new ParallelStep(Sequence.Of(step),
                Sequence.Of(chance.Pick([.. candidates.Where(c => after.Equals(c.After))]).Step), split);
    }
}
