namespace Bijectors.RandomPrograms.Draw;

/// <summary>
/// A function of the table, as a person knows it: where it is defined, what it does to numbers, how it may be spelt.
/// </summary>
/// <remarks>Written from the documentation and not shared with the compiler, which it checks.</remarks>
internal sealed record Row(
    string Name, Span Domain, Func<double, double> At, Func<double, double> Back, params string[] Spellings)
{
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;

    /// <summary>The functions of a part alone.</summary>
    public static readonly IReadOnlyList<Row> All =
    [
        new("exp", Span.Real, Math.Exp, Math.Log, "torch.exp", ".exp", "exp"),
        new("log", Span.Positive, Math.Log, Math.Exp, "torch.log", ".log", "log"),
        new("expm1", Span.Real, x => Math.Exp(x) - 1, y => Math.Log(1 + y), "torch.expm1", ".expm1"),
        new("log1p", Span.AboveMinusOne, x => Math.Log(1 + x), y => Math.Exp(y) - 1, "torch.log1p", ".log1p"),
        new("neg", Span.Real, x => -x, y => -y, "-", "torch.neg", ".neg", "torch.negative", ".negative"),
        new("reciprocal", Span.Positive, x => 1 / x, y => 1 / y, "torch.reciprocal", ".reciprocal"),
        new("sqrt", Span.Positive, Math.Sqrt, y => y * y, "torch.sqrt", ".sqrt"),
        new("square", Span.Positive, x => x * x, Math.Sqrt, "torch.square", ".square"),
        new("sigmoid", Span.Real, Sigmoid, Logit, "torch.sigmoid", ".sigmoid", "nn.functional.sigmoid",
            "torch.special.expit"),
        new("logit", Span.Unit, Logit, Sigmoid, "torch.logit", ".logit", "Elementwise.Logit"),
        new("softplus", Span.Real, x => x > 500 ? x : Math.Log(1 + Math.Exp(x)),
            y => y > 500 ? y : Math.Log(Math.Exp(y) - 1), "torch.nn.functional.softplus", "Elementwise.Softplus"),
        new("tanh", Span.Real, Math.Tanh, Math.Atanh, "torch.tanh", ".tanh", "tanh"),
        new("atanh", Span.Symmetric, Math.Atanh, Math.Tanh, "torch.atanh", ".atanh", "torch.arctanh", ".arctanh"),
        new("sinh", Span.Real, Math.Sinh, Math.Asinh, "torch.sinh", ".sinh"),
        new("asinh", Span.Real, x => double.IsInfinity(x) ? x : Math.Asinh(x), Math.Sinh, "torch.asinh", ".asinh",
            "torch.arcsinh", ".arcsinh"),
        new("elu", Span.Real, x => x > 0 ? x : Math.Exp(x) - 1, y => y > 0 ? y : Math.Log(1 + y), "nn.functional.elu:1",
            "torch.nn.functional.elu:1.0"),
        new("softsign", Span.Real, x => double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x)),
            y => y / (1 - Math.Abs(y)), "Elementwise.Softsign", "nn.functional.softsign"),
        new("erf", Span.Real, Erf, InverseErf, "torch.erf", ".erf", "torch.special.erf"),
        new("cosh", Span.Positive, Math.Cosh, Math.Acosh, "torch.cosh", ".cosh"),
        new("acosh", Span.AboveOne, Math.Acosh, Math.Cosh, "torch.acosh", ".acosh", "torch.arccosh", ".arccosh"),
        new("atan", Span.Real, Math.Atan, Math.Tan, "torch.atan", ".atan", "torch.arctan", ".arctan"),
        new("asin", Span.Symmetric, Math.Asin, Math.Sin, "torch.asin", ".asin", "torch.arcsin", ".arcsin"),
        new("rsqrt", Span.Positive, x => 1 / Math.Sqrt(x), y => 1 / (y * y), "torch.rsqrt", ".rsqrt"),
        new("log2", Span.Positive, Math.Log2, y => Math.Pow(2, y), "torch.log2", ".log2"),
        new("log10", Span.Positive, Math.Log10, y => Math.Pow(10, y), "torch.log10", ".log10"),
        new("logsigmoid", Span.Real, x => Math.Min(x, 0) - Math.Log(1 + Math.Exp(-Math.Abs(x))),
            y => -Math.Log(Math.Exp(-y) - 1), "nn.functional.logsigmoid"),
        new("selu", Span.Real, x => SeluScale * (x > 0 ? x : SeluAlpha * (Math.Exp(x) - 1)),
            y => y > 0 ? y / SeluScale : Math.Log(1 + (y / (SeluScale * SeluAlpha))), "nn.functional.selu"),
    ];

    public static Row Named(string name) => All.Single(r => r.Name == name);

    /// <summary>The function of an expression, in one of its spellings.</summary>
    public Expression Of(Expression x, Chance chance)
    {
        var spelling = chance.Pick(Spellings).Split(':');
        var (on, method) = spelling[0].LastIndexOf('.') is var dot and >= 0
            ? (spelling[0][..dot], spelling[0][(dot + 1)..])
            : (null, spelling[0]);
        Expression[] others = [.. spelling.Skip(1).Select(text => new Name(text))];
        return (on, method) switch
        {
            (null, "-") => new Negative(x),
            (null, _) => new Invoke(null, method, [x, .. others]),
            ("", _) => new Invoke(x, method, others),
            _ => new Invoke(new Name(on), method, [x, .. others]),
        };
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Logit(double y) => Math.Log(y / (1 - y));

    // Abramowitz and Stegun 7.1.26 is not enough for slopes; a midpoint rule is, and this is no hot path.
    private static double Erf(double x)
    {
        var end = Math.Min(Math.Abs(x), 6);
        var sum = 0.0;
        for (var i = 0; i < 100; i++)
        {
            var t = (i + 0.5) / 100 * end;
            sum += Math.Exp(-t * t);
        }

        return Math.Sign(x) * Math.Min(1, sum * end / 100 * 2 / Math.Sqrt(Math.PI));
    }

    private static double InverseErf(double y)
    {
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Erf(middle) < y ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
