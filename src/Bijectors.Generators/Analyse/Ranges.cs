namespace Bijectors.Generators.Analyse;

/// <summary>
/// An end of an interval as far as doubles tell: it lies between two of them, which are one where it is known exactly.
/// </summary>
internal readonly record struct End(double Low, double High)
{
    // What a function of doubles may be off by, times a few; the ends of ranges are rounded no better.
    private const double Rounding = 1e-14;

    public static End At(double value) => new(value + 0.0, value + 0.0);

    public bool IsExact => Low == High;

    public double Value => IsExact ? Low : Low + ((High - Low) / 2);

    /// <summary>Whether so little is unknown that it may be written down.</summary>
    public bool IsSharp => IsExact || High - Low <= 1e-9 * Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>
    /// Where a monotone function takes it; null where that cannot be told: outside of where the function is defined, or
    /// inside while doubles give what only an end is taken to, as <c>tanh(50)</c>, which is less than 1.
    /// </summary>
    public End? Through(Curve curve)
    {
        var (low, high) = (curve.At(Low) + 0.0, curve.At(High) + 0.0);
        if (double.IsNaN(low) || double.IsNaN(high))
        {
            return null;
        }

        var isLimit = IsExact && (Low == curve.Domain.Low || Low == curve.Domain.High);
        var isInside = curve.Domain.Low < Low && High < curve.Domain.High;
        if (!isLimit && (!isInside || IsLimit(curve, low) || IsLimit(curve, high)))
        {
            return null;
        }

        // A limit stands for itself: pi/2, where atan ends, leads back to infinity.
        if (isLimit || (IsExact && curve.IsExact(Low, low)))
        {
            return At(low);
        }

        return low <= high ? Around(low, high) : Around(high, low);
    }

    private static bool IsLimit(Curve curve, double y) =>
        double.IsInfinity(y) || y == curve.At(curve.Domain.Low) || y == curve.At(curve.Domain.High);

    private static End? Around(double low, double high)
    {
        var around = new End(low - (Rounding * Math.Abs(low)), high + (Rounding * Math.Abs(high)));
        return double.IsInfinity(around.Low) || double.IsInfinity(around.High) ? null : around;
    }
}

/// <summary>An open interval whose ends are known as far as doubles tell.</summary>
internal readonly record struct Range(End Low, End High)
{
    public static readonly Range Real = Of(Bounds.Real);
    public static readonly Range Positive = Of(Bounds.Positive);

    public static Range Of(Bounds bounds) => new(End.At(bounds.Low), End.At(bounds.High));

    /// <summary>The interval, rounded.</summary>
    public Bounds Bounds => new(Low.Value, High.Value);

    /// <summary>Whether both ends may be written down.</summary>
    public bool IsSharp => Low.IsSharp && High.IsSharp;

    /// <summary>Whether it is certain that it lies inside of an interval.</summary>
    public bool IsIn(Bounds bounds) => bounds.Low <= Low.Low && High.High <= bounds.High;

    /// <summary>What it has in common with an interval; null where that is nothing, or cannot be told.</summary>
    public Range? Within(Bounds bounds)
    {
        var low = Low.High <= bounds.Low ? End.At(bounds.Low) : Low.Low >= bounds.Low ? Low : (End?)null;
        var high = High.Low >= bounds.High ? End.At(bounds.High) : High.High <= bounds.High ? High : (End?)null;
        return low is { } a && high is { } b && a.High < b.Low ? new(a, b) : null;
    }

    /// <summary>The image under a monotone function; null where that cannot be told.</summary>
    public Range? Through(Func<End, End?> monotone) => (monotone(Low), monotone(High)) switch
    {
        ({ } a, { } b) when a.High < b.Low => new(a, b),
        ({ } a, { } b) when b.High < a.Low => new(b, a),
        _ => null,
    };
}

/// <summary>A monotone function on doubles.</summary>
/// <param name="At">The function; at the ends of the domain its limits.</param>
/// <param name="Domain">Where it is defined.</param>
/// <param name="IsExact">Whether doubles give what the function does and no rounding of it, from point
/// and result.</param>
internal sealed record Curve(Func<double, double> At, Bounds Domain, Func<double, double, bool> IsExact)
{
    /// <summary>
    /// Both directions of a row with a literal operand or with none; null where the operand is unknown.
    /// </summary>
    public static (Curve Forward, Curve Back)? Of(Primitive row, double? operand)
    {
        if (!row.HasOperand)
        {
            var rule = row.Name switch
            {
                "neg" => (_, _) => true,
                "reciprocal" => (x, y) => IsProduct(x, y, 1),
                "sqrt" => (x, y) => IsProduct(y, y, x),
                "square" => (x, y) => IsProduct(x, x, y),
                _ => (Func<double, double, bool>)IsPlain,
            };
            return Pair(row.Domain, row.At!, row.Back!, rule, (y, x) => rule(x, y));
        }

        if (operand is not { } k)
        {
            return null;
        }

        return row.Name switch
        {
            "x+" or "+x" => Pair(row.Domain, x => x + k, y => y - k, (x, _) => IsSum(x, k), (y, _) => IsSum(y, -k)),
            "x-" => Pair(row.Domain, x => x - k, y => y + k, (x, _) => IsSum(x, -k), (y, _) => IsSum(y, k)),
            "-x" => Pair(row.Domain, x => k - x, y => k - y, (x, _) => IsSum(k, -x), (y, _) => IsSum(k, -y)),
            "x*" or "*x" => Pair(
                row.Domain, x => Scaled(x, x * k), y => Scaled(y, y / k),
                (x, y) => IsProduct(x, k, y), (y, x) => IsProduct(x, k, y)),
            "x/" => Pair(
                row.Domain, x => Scaled(x, x / k), y => Scaled(y, y * k),
                (x, y) => IsProduct(y, k, x), (y, x) => IsProduct(y, k, x)),
            "pow" => Pair(row.Domain, x => Math.Pow(x, k), y => Math.Pow(y, 1 / k), IsPlain, IsPlain),
            "pow(k, x)" => Pair(row.Domain, x => Math.Pow(k, x), y => Math.Log(y) / Math.Log(k), IsPlain, IsPlain),
            "leaky_relu" => Pair(
                row.Domain, x => x > 0 ? x : k * x, y => y > 0 ? y : y / k,
                (x, y) => x >= 0 || IsProduct(x, k, y), (y, x) => y >= 0 || IsProduct(x, k, y)),
            _ => null,
        };
    }

    private static (Curve Forward, Curve Back) Pair(
        Bounds domain,
        Func<double, double> at,
        Func<double, double> back,
        Func<double, double, bool> isExact,
        Func<double, double, bool> backIsExact)
    {
        var (a, b) = (at(domain.Low), at(domain.High));
        return (new(at, domain, isExact), new(back, a < b ? new(a, b) : new(b, a), backIsExact));
    }

    // Nothing but 0 is scaled to 0.
    private static double Scaled(double x, double y) => y == 0 && x != 0 ? double.NaN : y;

    // The second part of a sum is what rounding has taken from it (Knuth's two-sum).
    private static bool IsSum(double x, double k)
    {
        var sum = x + k;
        var rest = sum - x;
        return double.IsInfinity(sum) || (x - (sum - rest)) + (k - rest) == 0;
    }

    // Products of numbers of half the digits are exact, and those with a power of two, which move the point.
    private static bool IsProduct(double x, double k, double y) => x * k == y
        && (x == 0 || (IsShort(x) && IsShort(k)) || ((IsPowerOfTwo(x) || IsPowerOfTwo(k)) && Math.Abs(y) > 1e-300));

    // A function is exact where few digits come out of few, as 0 of log(1): that rounding does this by chance is not to
    // be expected of numbers of usual size.
    private static bool IsPlain(double x, double y) => IsUsual(x) && IsUsual(y) && IsShort(x) && IsShort(y);

    private static bool IsUsual(double x) =>
        x == 0 || (Math.Abs(x) >= 1.0 / 1024 && Math.Abs(x) <= 1024) || double.IsInfinity(x);

    private static bool IsPowerOfTwo(double x) =>
        x != 0 && !double.IsInfinity(x) && (BitConverter.DoubleToInt64Bits(x) & 0xFFFFFFFFFFFFF) == 0;

    // Of 26 binary digits at most.
    private static bool IsShort(double x)
    {
        var high = x * 134217729;
        return double.IsInfinity(x) || high - (high - x) == x;
    }
}
