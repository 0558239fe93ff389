using Bijectors.Testing;
using Bijectors.Testing.RandomFlows;
using TorchSharp;

namespace Bijectors.Tests.RandomFlows;

public sealed class TamenessTests
{
    // In float32 the error function is 1 from 4 on, and there is no artanh of 1. The parts of the inverse begin on all
    // reals, the last step of the map itself on (-1, 1).
    [Fact]
    public void A_pole_that_rounding_reaches_is_seen_in_the_inverse_of_parts()
    {
        var halves = new Splitting(SplittingKind.Halves);
        var part = Sequence.Of(new InvertedStep(Named(nameof(Erf))));
        Assert.False(Holds(InverseOf(new OnStep(part, halves))));
        Assert.False(Holds(InverseOf(new ParallelStep(part, part, halves))));
        Assert.True(Holds(new InvertedStep(Sequence.Of(
            Named(nameof(Asinh)), new OnStep(Sequence.Of(new InvertedStep(Named(nameof(Asinh)))), halves)))));

        static Step InverseOf(Step last) =>
            new InvertedStep(Sequence.Of(Named(nameof(Asinh)), new InvertedStep(Named(nameof(Atanh))), last));
    }

    // In float32 the slope of the reciprocal of exp(-45) is no number.
    [Fact]
    public void A_slope_out_of_range_is_seen()
    {
        Assert.False(Holds(Cubed(3)));
        Assert.True(Holds(Cubed(2)));

        static Step[] Cubed(double power) =>
        [
            new InvertedStep(Named(nameof(Sqrt))), Named(nameof(Reciprocal)), Named(nameof(Log)),
            new InvertedStep(Sequence.Of(
                Named(nameof(Exp)), new CurveStep(CurveTable.Named(nameof(Power)), new(power)), Named(nameof(Log)))),
        ];
    }

    // Beside 15, gaps of exp(-15) are less than the last digit of a float32.
    [Fact]
    public void Vectors_that_rounding_would_tie_are_seen()
    {
        var ascending = new EventStep(EventMap.Ascending);
        var near = Named(nameof(Asinh));
        Assert.False(Holds(ascending, new InvertedStep(ascending)));
        Assert.True(Holds(near, ascending, new InvertedStep(ascending), new InvertedStep(near)));
    }

    [Fact]
    public void The_intervals_of_steps_are_those_of_what_is_built()
    {
        var count = 0;
        foreach (var drawn in Enumerable.Range(0, 400).Select(seed => RandomFlow.Draw(seed)))
        {
            foreach (var (steps, shape) in Inside(drawn.Steps, drawn.Shape))
            {
                using var built = new RandomFlow(shape, steps, drawn.ContextSize).Build(0);
                AssertAmong(Leaves(built.Domain), steps.Domains, $"Domain of {drawn}");
                AssertAmong(Leaves(built.Codomain), steps.Codomains, $"Codomain of {drawn}");
                count++;
            }
        }

        Assert.InRange(count, 800, 10_000);
    }

    private static CurveStep Named(string name) => new(CurveTable.Named(name), default);

    private static bool Holds(params Step[] steps) => Tameness.Holds(Sequence.Of(steps), Shape.Vector(2));

    /// <summary>The steps, and all that are in them.</summary>
    private static IEnumerable<(Sequence Steps, Shape Shape)> Inside(Sequence steps, Shape shape) =>
        steps.Steps.Zip(steps.Shapes(shape)).SelectMany(pair => pair.First.Inside(pair.Second))
            .SelectMany(inner => Inside(inner.Steps, inner.Shape)).Prepend((steps, shape));

    private static IEnumerable<Interval> Leaves(Domain domain) => domain switch
    {
        PartsDomain parts => Leaves(parts.First).Concat(Leaves(parts.Second)),
        RearrangedDomain rearranged => Leaves(rearranged.Inner),

        Circle => [new(-Math.PI, Math.PI)],

        // No interval of all entries: what stands for it is checked by the laws on what is drawn.
        EventDomain => [],
        _ => [(Interval)domain],
    };

    private static void AssertAmong(IEnumerable<Interval> intervals, IEnumerable<Interval> known, string what) =>
        Assert.All(
            intervals, interval => Assert.True(
                known.Any(k => Close(k.Low, interval.Low) && Close(k.High, interval.High)),
                $"{what}: {interval} is not among {string.Join(", ", known)}"));

    // Ends behind a line may differ in the last digit.
    private static bool Close(double a, double b) => a == b || Math.Abs(a - b) <= 1e-12 * Math.Abs(a);
}
