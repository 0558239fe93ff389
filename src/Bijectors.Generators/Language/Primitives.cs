using static System.Math;

namespace Bijectors.Generators.Language;

/// <summary>The table of elementwise maps: the only place where the compiler knows any mathematics.</summary>
internal static class Primitives
{
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const string E = "global::Bijectors.Elementwise.";

    /// <summary>The rows, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Primitive> All = new[]
    {
        // Functions of the part alone. A slope is taken on the side that is unbounded: near the end of an interval the
        // other is rounded away.
        Unary("exp", "torch.exp({x})", "torch.log({y})", "{x}", Bounds.Real, Exp, Log, "exp(x)", "log(y)", "x"),
        Unary("log", "torch.log({x})", "torch.exp({y})", "-{y}",
            Bounds.Positive, Log, Exp, "log(x)", "exp(y)", "-log(x)"),
        Unary("expm1", "torch.expm1({x})", "torch.log1p({y})", "{x}",
            Bounds.Real, Expm1, Log1p, "exp(x) - 1", "log(1 + y)", "x"),
        Unary("log1p", "torch.log1p({x})", "torch.expm1({y})", "-{y}",
            Bounds.AboveMinusOne, Log1p, Expm1, "log(1 + x)", "exp(y) - 1", "-log(1 + x)"),
        Unary("neg", "-{x}", "-{y}", null, Bounds.Real, x => -x, y => -y, "-x", "-y", "0"),
        Unary("reciprocal", "torch.reciprocal({x})", "torch.reciprocal({y})", E + "ReciprocalLogSlope({x})",
            Bounds.Positive, x => 1 / x, y => 1 / y, "1/x", "1/y", "-2 log(x)"),
        Unary("sqrt", "torch.sqrt({x})", "torch.square({y})", E + "SqrtLogSlope({y})",
            Bounds.Positive, Sqrt, y => y * y, "sqrt(x)", "y^2", "-log(2 sqrt(x))"),
        Unary("square", "torch.square({x})", "torch.sqrt({y})", E + "SquareLogSlope({x})",
            Bounds.Positive, x => x * x, Sqrt, "x^2", "sqrt(y)", "log(2 x)"),
        Unary("sigmoid", "torch.sigmoid({x})", E + "Logit({y})", E + "SigmoidLogSlope({x})", Bounds.Real, Sigmoid,
            Logit, "1/(1 + exp(-x))", "log(y/(1 - y))", "-softplus(x) - softplus(-x)") with { SteepestSlope = 0.25 },
        Unary("logit", E + "Logit({x})", "torch.sigmoid({y})", "-" + E + "SigmoidLogSlope({y})",
            Bounds.Unit, Logit, Sigmoid, "log(x/(1 - x))", "1/(1 + exp(-y))", "softplus(y) + softplus(-y)"),
        Unary("softplus", E + "Softplus({x})", E + "SoftplusInverse({y})", "torch.nn.functional.logsigmoid({x})",
            Bounds.Real, x => x > 700 ? x : Log1p(Exp(x)), y => y + Log(-Expm1(-y)), "log(1 + exp(x))",
            "y + log(1 - exp(-y))", "-softplus(-x)") with { SteepestSlope = 1 },
        Unary("tanh", "torch.tanh({x})", "torch.atanh({y})", E + "TanhLogSlope({x})", Bounds.Real, Tanh, Atanh,
            "tanh(x)", "atanh(y)", "2 (log(2) - x - softplus(-2x))") with { SteepestSlope = 1 },
        Unary("atanh", "torch.atanh({x})", "torch.tanh({y})", "-" + E + "TanhLogSlope({y})",
            Bounds.Symmetric, Atanh, Tanh, "atanh(x)", "tanh(y)", "-2 (log(2) - y - softplus(-2y))"),
        Unary("sinh", "torch.sinh({x})", "torch.asinh({y})", E + "LogCosh({x})",
            Bounds.Real, Sinh, Asinh, "sinh(x)", "asinh(y)", "log(cosh(x))"),
        Unary("asinh", "torch.asinh({x})", "torch.sinh({y})", "-" + E + "LogCosh({y})",
            Bounds.Real, Asinh, Sinh, "asinh(x)", "sinh(y)", "-log(cosh(y))") with { SteepestSlope = 1 },
        Unary("elu", "torch.nn.functional.elu({x}, 1)", E + "EluInverse({y})", E + "EluLogSlope({x})", Bounds.Real,
            x => x > 0 ? x : Expm1(x), y => y > 0 ? y : Log1p(y), "x for x > 0, else exp(x) - 1",
            "y for y > 0, else log(1 + y)", "min(x, 0)") with { Fixed = 1, SteepestSlope = 1 },
        Unary("softsign", E + "Softsign({x})", E + "SoftsignInverse({y})", E + "SoftsignLogSlope({x})", Bounds.Real,
            x => double.IsInfinity(x) ? Sign(x) : x / (1 + Abs(x)), y => y / (1 - Abs(y)), "x/(1 + |x|)", "y/(1 - |y|)",
            "-2 log(1 + |x|)") with { SteepestSlope = 1 },
        Unary("erf", "torch.erf({x})", "{y}.erfinv()", E + "ErfLogSlope({x})", Bounds.Real, Erf, Erfinv, "erf(x)",
            "erfinv(y)", "log(2/sqrt(pi)) - x^2") with { SteepestSlope = 2 / Sqrt(PI) },
        Unary("erfinv", "{x}.erfinv()", "torch.erf({y})", "-" + E + "ErfLogSlope({y})",
            Bounds.Symmetric, Erfinv, Erf, "erfinv(x)", "erf(y)", "y^2 - log(2/sqrt(pi))"),
        Unary("cosh", "torch.cosh({x})", "torch.acosh({y})", E + "LogSinh({x})",
            Bounds.Positive, Cosh, Acosh, "cosh(x)", "acosh(y)", "log(sinh(x))"),
        Unary("acosh", "torch.acosh({x})", "torch.cosh({y})", "-" + E + "LogSinh({y})",
            Bounds.AboveOne, Acosh, Cosh, "acosh(x)", "cosh(y)", "-log(sinh(y))"),
        Unary("atan", "torch.atan({x})", "torch.tan({y})", E + "AtanLogSlope({x})",
            Bounds.Real, Atan, TanToTheEnds, "atan(x)", "tan(y)", "-log(1 + x^2)") with { SteepestSlope = 1 },
        Unary("asin", "torch.asin({x})", "torch.sin({y})", E + "AsinLogSlope({y})",
            Bounds.Symmetric, Asin, Sin, "asin(x)", "sin(y)", "-log(cos(y))"),
        Unary("rsqrt", "torch.rsqrt({x})", "torch.pow({y}, -2)", E + "RsqrtLogSlope({x})",
            Bounds.Positive, x => 1 / Sqrt(x), y => 1 / (y * y), "1/sqrt(x)", "1/y^2", "-log(2) - 3/2 log(x)"),
        Unary("log2", "torch.log2({x})", E + "Power(2, {y})", "-" + E + "ExponentialLogSlope({y}, 2)",
            Bounds.Positive, x => Log(x) / Log(2), y => Pow(2, y), "log2(x)", "2^y", "-log(x log(2))"),
        Unary("log10", "torch.log10({x})", E + "Power(10, {y})", "-" + E + "ExponentialLogSlope({y}, 10)",
            Bounds.Positive, Log10, y => Pow(10, y), "log10(x)", "10^y", "-log(x log(10))"),
        Unary("logsigmoid", "torch.nn.functional.logsigmoid({x})", E + "LogSigmoidInverse({y})", "-" + E
            + "Softplus({x})", Bounds.Real, x => x < -700 ? x : -Log1p(Exp(-x)), y => -(-y + Log(-Expm1(y))),
            "-log(1 + exp(-x))", "-log(exp(-y) - 1)", "-log(1 + exp(x))") with { SteepestSlope = 1 },
        Unary("selu", "torch.nn.functional.selu({x})", E + "SeluInverse({y})", E + "SeluLogSlope({x})", Bounds.Real,
            x => SeluScale * (x > 0 ? x : SeluAlpha * Expm1(x)), y => y > 0 ? y / SeluScale
            : Log1p(y / (SeluScale * SeluAlpha)), "s x for x > 0, else s a (exp(x) - 1)",
                "y/s for y > 0, else log(1 + y/(s a))",
                    "log(s) for x > 0, else log(s a) + x") with { SteepestSlope = SeluScale * SeluAlpha },

        // Arithmetic with a known operand; "*x" has the part on the right.
        Known("x+", "{x} + {k}", "{y} - {k}", null, "x + k", "y - k", "0") with { Arithmetic = ArithmeticKind.Sum },
        Known("+x", "{k} + {x}", "{y} - {k}", null, "k + x", "y - k", "0") with { Arithmetic = ArithmeticKind.Sum },
        Known("x-", "{x} - {k}", "{y} + {k}", null,
            "x - k", "y + k", "0") with { Arithmetic = ArithmeticKind.Difference },
        Known("-x", "{k} - {x}", "{k} - {y}", null, "k - x", "k - y", "0"),
        Known("x*", "{x} * {k}", "{y} / {k}", "{l}",
            "x k", "y/k", "log|k|") with { NeedsNonZero = true, Arithmetic = ArithmeticKind.Product },
        Known("*x", "{k} * {x}", "{y} / {k}", "{l}",
            "k x", "y/k", "log|k|") with { NeedsNonZero = true, Arithmetic = ArithmeticKind.Product },
        Known("x/", "{x} / {k}", "{y} * {k}", "-{l}", "x/k", "y k", "-log|k|") with { NeedsNonZero = true },
        Known("pow", "torch.pow({x}, {k})", E + "Root({y}, {k})", E + "PowLogSlope({x}, {k})",
            "x^k", "y^(1/k)", "log|k| + (k - 1) log(x)") with { NeedsNonZero = true, Domain = Bounds.Positive },
        Known("pow(k, x)", E + "Power({k}, {x})", E + "Logarithm({y}, {k})", E + "ExponentialLogSlope({x}, {k})",
            "k^x", "log(y)/log(k)", "x log(k) + log|log(k)|") with { NeedsPositive = true, NeedsLiteral = true },
        Known(
            "leaky_relu",
            "torch.nn.functional.leaky_relu({x}, {k})",
            "torch.nn.functional.leaky_relu({y}, 1.0 / {k})",
            E + "LeakyReluLogSlope({x}, {k})",
            "x for x > 0, else k x",
            "y for y > 0, else y/k",
            "0 for x > 0, else log(k)") with { NeedsPositive = true },
    }.ToDictionary(row => row.Name);

    private static Primitive Unary(
        string name, string forward, string inverse, string? slope, Bounds domain, Func<double, double> at,
        Func<double, double> back, string formula, string inverseFormula, string slopeFormula) =>
        new(name, forward, inverse, slope, domain, at, back, formula, inverseFormula, slopeFormula);

    private static Primitive Known(
        string name, string forward, string inverse, string? slope, string formula, string inverseFormula,
        string slopeFormula) =>
        new(name, forward, inverse, slope, Bounds.Real, null, null, formula, inverseFormula, slopeFormula);

    // Used for the ends of intervals only, with their limits; correct to some roundings, small results as well.
    private static double Expm1(double x)
    {
        var u = Exp(x);
        return u == 1 ? x : u == 0 || double.IsInfinity(u) ? u - 1 : (u - 1) * x / Log(u);
    }

    private static double Log1p(double x)
    {
        var u = 1 + x;
        return double.IsInfinity(u) ? u : u == 1 ? x : Log(u) * x / (u - 1);
    }

    private static double Asinh(double x)
    {
        var size = Abs(x);
        var y = size > 1e9 ? Log(size) + Log(2) : Log1p(size + (size * size / (1 + Sqrt((size * size) + 1))));
        return x < 0 ? -y : y;
    }

    private static double Acosh(double x)
    {
        var t = x - 1;
        return x > 1e9 ? Log(x) + Log(2) : Log1p(t + Sqrt((2 * t) + (t * t)));
    }

    // At the ends and at 0 only: in between nobody needs them, and what is not known becomes no interval.
    private static double Erf(double x) => double.IsInfinity(x) ? Sign(x) : x == 0 ? 0 : double.NaN;

    private static double Erfinv(double y) => Abs(y) == 1 ? y / 0 : y == 0 ? 0 : double.NaN;

    private static double Sigmoid(double x) => 1 / (1 + Exp(-x));

    private static double Logit(double y) => y is > 0.25 and < 0.75 ? 2 * Atanh((2 * y) - 1) : Log(y) - Log1p(-y);

    private static double Atanh(double y) => 0.5 * (Log1p(y) - Log1p(-y));

    // The double next to pi/2 stands for it.
    private static double TanToTheEnds(double y) => Abs(y) >= PI / 2 ? y / 0 : Tan(y);
}
