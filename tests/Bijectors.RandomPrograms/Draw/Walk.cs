using System.Collections.Immutable;

namespace Bijectors.RandomPrograms.Draw;

/// <summary>One elementwise step as a function of numbers, with typical values in the place of its operands.</summary>
internal sealed record Pace(Func<double, double> Forward, Func<double, double> Inverse)
{
    /// <summary>The step with other values of its operands, as far apart as they may be.</summary>
    public IReadOnlyList<Pace> Ends { get; init; } = [];

    /// <summary>A step that hardly changes numbers.</summary>
    public static readonly Pace Still = new(x => x, y => y);

    public static Pace Times(double k) => new(x => x * k, y => y / k);

    public static Pace Plus(double k) => new(x => x + k, y => y - k);

    /// <summary>
    /// A step that scales by a factor from <paramref name="low"/> to <paramref name="high"/> and shifts by up
    /// to 1, both ways.
    /// </summary>
    public static Pace Affine(double low, double high, Chance chance)
    {
        return With(chance.Between(low, high), chance.Between(-1.0, 1)) with { Ends =
            [With(low, -1), With(high, 1), With(low, 1), With(high, -1)] };

        static Pace With(double scale, double shift) => new(x => (scale * x) + shift, y => (y - shift) / scale);
    }

    /// <summary>A step with an operand.</summary>
    public static Pace Of(Operand operand, Chance chance, Func<double, Pace> pace) =>
        pace(operand.Typical(chance)) with { Ends =
            operand.Literal is null ? [pace(operand.Low), pace(operand.High)] : [] };
}

/// <summary>
/// What happens to one entry on its way through a program. Walking it with numbers tells whether the program as a whole
/// is well conditioned, which no single step can tell.
/// </summary>
/// <param name="Origin">The part it starts from, in the numbering of whoever began the walk.</param>
/// <param name="Paces">The steps.</param>
internal sealed record Walk(int Origin, ImmutableList<Pace> Paces)
{
    private const double Largest = 3e4;
    private const double Steepest = 12;

    public static Walk From(int origin) => new(origin, []);

    public Walk Then(Pace pace) => this with { Paces = Paces.Add(pace) };

    /// <summary>Different walks, not too many of them.</summary>
    public static IReadOnlyList<Walk> Few(IEnumerable<Walk> walks, Chance chance) =>
        [.. chance.Shuffle([.. walks.DistinctBy(w => (w.Origin, w.Paces))]).Take(16)];

    /// <summary>This walk, followed by another.</summary>
    public Walk Then(Walk other) => this with { Paces = Paces.AddRange(other.Paces) };

    /// <summary>
    /// Whether numbers of the domain survive the way there, and numbers of the codomain the way back, with typical
    /// operands and with all of them at an end.
    /// </summary>
    public bool IsTame(Span domain, Span codomain) => Enumerable.Range(-1, 5).All(end =>
    {
        var paces = Paces.ConvertAll(pace => end < 0 || pace.Ends.Count == 0 ? pace : pace.Ends[end % pace.Ends.Count]);
        return AreTame(domain, [.. paces.Select(p => p.Forward)])
            && AreTame(codomain, [.. paces.Reverse().Select(p => p.Inverse)]);
    });

    private static bool AreTame(Span from, IReadOnlyList<Func<double, double>> steps) =>
        AreTame(from.Samples(), steps) && KeepsApart(from.Low, 1e-12, steps) && KeepsApart(from.High, -1e-12, steps);

    /// <summary>
    /// Whether numbers close to an end stay apart. The laws look there, and what is rounded beside a number such as 0.5
    /// in between has lost how far from the end it was.
    /// </summary>
    private static bool KeepsApart(double end, double off, IReadOnlyList<Func<double, double>> steps)
    {
        var (one, other) = (end + off, end + (2 * off));
        foreach (var step in double.IsInfinity(end) ? [] : steps)
        {
            var before = one;
            (one, other) = (step(one), step(other));

            // What stays as it is, or changes its sign, is not rounded.
            if (Math.Abs(one) != Math.Abs(before) && Math.Abs(one - other) < 1e-8 * Math.Abs(one))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreTame(IReadOnlyList<double> points, IReadOnlyList<Func<double, double>> steps)
    {
        for (var i = 0; i < points.Count; i++)
        {
            if (!IsTame(points[i], steps, steepest: i < points.Count / 2 ? 4 : 9))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTame(double x, IReadOnlyList<Func<double, double>> steps, double steepest)
    {
        // The laws allow every step a rounding of what goes in and what comes out, carried along the Jacobian of the
        // whole. A value in between that is large, or squeezed together and pulled apart again later, is rounded more
        // coarsely than that.
        var (value, logSlope, noise) = (x, 0.0, Math.Abs(x));
        foreach (var step in steps)
        {
            var width = 1e-5 * Math.Max(1e-2, Math.Abs(value));
            logSlope += Math.Log(Math.Abs(step(value + width) - step(value - width)) / (2 * width));
            value = step(value);
            noise += Math.Abs(value) * Math.Exp(-logSlope);
            if (!(Math.Abs(value) < Largest) || !(Math.Abs(logSlope) < Steepest))
            {
                return false;
            }
        }

        var explained = Math.Abs(x) + (Math.Abs(value) * Math.Exp(-logSlope));
        return noise <= (1 + steps.Count) * explained && Math.Abs(logSlope) < steepest;
    }
}
