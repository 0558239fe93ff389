namespace Bijectors.Generators.Analyse;

/// <summary>
/// Interval arithmetic on known values. A bijector may run in float32 or in float64, so ends are taken outwards by what
/// float32 rounds, operands that are literals included; what is too small or too large for float32 may be 0 or
/// infinite.
/// </summary>
internal static class Intervals
{
    // Twice what one operation in float32 rounds, and what functions of torch may be off by.
    private const double Rounding = 2.4e-7;
    private const double FunctionRounding = 2e-6;

    // Between them lie the numbers of float32 that have all their digits.
    private const double Smallest = 1.2e-38;
    private const double Largest = 3.4e38;

    /// <summary>What a value can be: by itself, or by what is proven of its sign.</summary>
    public static Interval Of(Value value)
    {
        var interval = value is Leaf { Constant: { } c } ? Interval.At(c) : value.Interval;
        return value.Sign == Sign.Positive && interval.Low < 0 ? new(0, interval.High, interval.IsOpen) : interval;
    }

    /// <summary>What a function gives of operands from intervals; all numbers where no rule says less.</summary>
    /// <param name="function">The function or operator, as <see cref="Call.Function"/> has it.</param>
    /// <param name="x">The intervals of its operands.</param>
    /// <param name="isSquare">Whether the operands are one and the same value.</param>
    public static Interval Of(string function, IReadOnlyList<Interval> x, bool isSquare = false) =>
        (Lower(function), x.Count) switch
    {
        ("add", 2) => Sum(x[0], x[1]),
        ("sub", 2) => Sum(x[0], Negative(x[1])),
        ("mul", 2) => isSquare ? Square(x[0]) : Product(x[0], x[1]),
        ("div", 2) => Product(x[0], Reciprocal(x[1])),
        ("neg", 1) => Negative(x[0]),
        ("abs", 1) => Size(x[0]),
        ("square", 1) => Square(x[0]),
        ("reciprocal", 1) => Reciprocal(x[0]),
        ("pow", 2) => Power(x[0], x[1]),
        ("exp", 1) => Exponential(x[0], Math.E),
        ("exp2", 1) => Exponential(x[0], 2),
        ("sqrt", 1) => x[0].High < 0 ? Interval.All : Increasing(AboveZero(x[0]), Math.Sqrt, 0),
        ("rsqrt", 1) => x[0].Low > 0 ? Reciprocal(Increasing(x[0], Math.Sqrt, 0)) : new(0, double.PositiveInfinity),
        ("log", 1) => x[0].High < 0 ? Interval.All : Increasing(AboveZero(x[0]), Math.Log),
        ("sigmoid", 1) => Increasing(x[0], t => 1 / (1 + Math.Exp(-t)), 0, 1),
        ("tanh", 1) => Increasing(x[0], Math.Tanh, -1, 1),
        ("softplus", 1) => Increasing(x[0], Softplus, 0),
        ("logsigmoid", 1) => Increasing(x[0], t => -Softplus(-t), high: 0),
        ("softsign", 1) => Increasing(x[0], t => double.IsInfinity(t) ? Math.Sign(t) : t / (1 + Math.Abs(t)), -1, 1),
        ("atan", 1) => Increasing(x[0], Math.Atan),
        ("erf" or "sin" or "cos", 1) => new(-1, 1),
        ("cosh", 1) => Increasing(Size(x[0]), Math.Cosh),
        ("relu", 1) => new(Math.Max(x[0].Low, 0), Math.Max(x[0].High, 0)),
        ("minimum", 2) => Widened(Math.Min(x[0].Low, x[1].Low), Math.Min(x[0].High, x[1].High), Rounding),
        ("maximum", 2) => Widened(Math.Max(x[0].Low, x[1].Low), Math.Max(x[0].High, x[1].High), Rounding),
        ("clamp" or "clip", 3) => Of("minimum", [Of("maximum", [x[0], x[1]]), x[2]]),
        ("where", 3) => Widened(Math.Min(x[1].Low, x[2].Low), Math.Max(x[1].High, x[2].High), Rounding),
        ("clone" or "alias" or "unsqueeze" or "view" or "reshape", _) when x.Count > 0 => x[0],
        _ => Interval.All,
    };

    // Math.Min is elementwise; torch.min of one tensor, or along an axis, is another function.
    private static string Lower(string function) => function switch
    {
        "Min" => "minimum",
        "Max" => "maximum",
        _ => function.ToLowerInvariant(),
    };

    private static Interval Sum(Interval a, Interval b)
    {
        if (Left(a, b) is { } rest)
        {
            return rest;
        }

        double End(double one, double other, double direction)
        {
            var sum = one + other + (direction * Rounding * (Math.Abs(one) + Math.Abs(other)));
            return double.IsNaN(sum) ? direction / 0 : sum;
        }

        return Rounded(End(a.Low, b.Low, -1), End(a.High, b.High, 1));
    }

    /// <summary>
    /// What is left of a number that a value never reaches: c - k is not 0 where k is less than c, and no rounding
    /// makes it 0 where float32 has c. Null for all other sums.
    /// </summary>
    private static Interval? Left(Interval a, Interval b)
    {
        var (point, open) = a.IsPoint ? (a, b) : (b, a);
        if (!point.IsPoint || !open.IsOpen || (float)point.Low != point.Low)
        {
            return null;
        }

        var sum = Sum(point, open with { IsOpen = false });
        return point.Low == -open.Low ? new(0, sum.High, IsOpen: true)
            : point.Low == -open.High ? new(sum.Low, 0, IsOpen: true)
            : null;
    }

    private static Interval Negative(Interval x) => new(-x.High, -x.Low, x.IsOpen);

    private static Interval Size(Interval x) =>
        new(x.Low > 0 ? x.Low : x.High < 0 ? -x.High : 0, Math.Max(Math.Abs(x.Low), Math.Abs(x.High)));

    private static Interval Square(Interval x) => Size(x) is var size ? Product(size, size) : size;

    private static Interval Product(Interval a, Interval b)
    {
        // An end that is infinite stands for large numbers, of which 0 makes 0.
        double Of(double one, double other) => one == 0 || other == 0 ? 0 : one * other;
        double[] corners = [Of(a.Low, b.Low), Of(a.Low, b.High), Of(a.High, b.Low), Of(a.High, b.High)];
        return Widened(corners.Min(), corners.Max(), 2 * Rounding);
    }

    private static Interval Reciprocal(Interval x) =>
        x.Low > 0 || x.High < 0 ? Widened(1 / x.High, 1 / x.Low, 2 * Rounding) : Interval.All;

    private static Interval Power(Interval x, Interval exponent)
    {
        if (x.Low < 0)
        {
            return Interval.All;
        }

        var (basis, power) = (AboveZero(Widened(x.Low, x.High, Rounding)),
            Widened(exponent.Low, exponent.High, Rounding));
        var corners = new[] { basis.Low, basis.High }
            .SelectMany(b => new[] { Math.Pow(b, power.Low), Math.Pow(b, power.High) }).ToList();
        return corners.Any(double.IsNaN) ? new(0, double.PositiveInfinity) : WidenedPower(corners.Min(), corners.Max());
    }

    private static Interval Exponential(Interval x, double basis)
    {
        var exponent = Widened(x.Low, x.High, Rounding);
        return WidenedPower(Math.Pow(basis, exponent.Low), Math.Pow(basis, exponent.High));
    }

    /// <summary>What rounding does to an exponent grows with it.</summary>
    private static Interval WidenedPower(double low, double high)
    {
        double Slack(double end) =>
            end is > 0 and < double.PositiveInfinity ? FunctionRounding * (1 + Math.Abs(Math.Log(end))) : 0;
        return Rounded(low * Math.Max(0, 1 - Slack(low)), high * (1 + Slack(high)));
    }

    private static Interval Increasing(
        Interval x, Func<double, double> f, double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        var argument = Widened(x.Low, x.High, Rounding);
        var image = Widened(f(argument.Low), f(argument.High), FunctionRounding);
        return new(Math.Max(low, image.Low), Math.Min(high, image.High));
    }

    private static Interval AboveZero(Interval x) => new(Math.Max(0, x.Low), x.High);

    // Far below, where log(1 + exp(x)) loses digits, it is the exponential.
    private static double Softplus(double x) => x > 700 ? x : x < -15 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x));

    private static Interval Widened(double low, double high, double rounding) =>
        Rounded(low - (rounding * Math.Abs(low)), high + (rounding * Math.Abs(high)));

    /// <summary>An interval with the ends that it has in float32 and in float64.</summary>
    private static Interval Rounded(double low, double high) => new(
        double.IsNaN(low) ? double.NegativeInfinity : Down(low), double.IsNaN(high) ? double.PositiveInfinity
            : -Down(-high));

    private static double Down(double end) => end switch
    {
        > Largest => Largest,
        < -Largest => double.NegativeInfinity,
        > 0 and < Smallest => 0,
        < 0 and > -Smallest => -Smallest,
        _ => end,
    };
}
