using System.Globalization;

namespace Bijectors.Testing.FsCheck;

/// <summary>
/// Simpler values in the place of values, the simplest first. Each is simpler by some count, so that shrinking ends.
/// </summary>
internal static class Simpler
{
    public static IEnumerable<Shape> Shapes(Shape shape)
    {
        if (shape.Rank > 0)
        {
            yield return Shape.Scalar;
        }

        for (var dim = 0; dim < shape.Rank; dim++)
        {
            yield return Shape.Of([.. shape.ToArray().Where((_, i) => i != dim)]);
        }

        for (var dim = 0; dim < shape.Rank; dim++)
        {
            foreach (var size in new[] { 1, shape[dim] / 2, shape[dim] - 1 }
                .Where(size => size > 0 && size < shape[dim]).Distinct())
            {
                yield return shape.With(dim, size);
            }
        }
    }

    public static IEnumerable<Domain> Domains(Domain domain)
    {
        if (domain is not Interval { Low: var low, High: var high })
        {
            yield return Domain.Real;
            yield break;
        }

        var ends = new[] { (double.NegativeInfinity, double.PositiveInfinity), (0, double.PositiveInfinity), (0, 1),
            (low, double.PositiveInfinity) }
            .Concat(Numbers(low).Select(simple => (simple, high)))
            .Concat(Numbers(high).Select(simple => (low, simple)));
        foreach (var (a, b) in ends)
        {
            if (a < b && Length(a) + Length(b) < Length(low) + Length(high))
            {
                yield return Domain.Interval(a, b);
            }
        }
    }

    public static IEnumerable<Point> Points(Domain domain, Point point)
    {
        foreach (var simple in new[] { 0, 1, -1, 0.5 })
        {
            var constant = new Point(point.Shape, point.Values.Select(_ => simple));
            if (point.Values.Sum(Length) > constant.Values.Sum(Length) && DrawnPoints.Contains(domain, constant))
            {
                yield return constant;
            }
        }

        for (var entry = 0; entry < point.Values.Length; entry++)
        {
            foreach (var simple in Numbers(point.Values[entry]))
            {
                var simpler = new Point(point.Shape, point.Values.SetItem(entry, simple));
                if (DrawnPoints.Contains(domain, simpler))
                {
                    yield return simpler;
                }
            }
        }
    }

    /// <summary>Shorter numbers close to a number, or simply zero and one.</summary>
    private static IEnumerable<double> Numbers(double number) => double.IsInfinity(number)
        ? []
        : new[] { 0, Math.Sign(number), 0.5 * Math.Sign(number), Math.Truncate(number), Math.Round(number),
            Math.Round(number, 1), Math.Round(number, 2), Math.Round(number, 4) }
            .Where(simple => Length(simple) < Length(number)).Distinct();

    /// <summary>How much there is to read in a number; nothing in an infinite one.</summary>
    private static int Length(double number) => number switch
    {
        0 => 1,
        _ when double.IsInfinity(number) => 0,
        _ => 1 + number.ToString("R", CultureInfo.InvariantCulture).Length,
    };
}
