using static Bijectors.Testing.Doctor.Row;
using static TorchSharp.torch.nn.functional;

namespace Bijectors.Testing.Doctor;

/// <summary>Functions of each number: the call, the function, its derivative, where it is asked.</summary>
internal static class Functions
{
    // The series of the reference rounds too.
    private const double OfSeries = 4;
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;
    private static readonly double s_log2 = Math.Log(2);
    private static readonly double s_log10 = Math.Log(10);

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Function("abs", x => x.abs(), Math.Abs, x => Math.Sign(x)),
        Function("operator -x", x => -x, x => -x, _ => -1),
        Function("exp", x => x.exp(), Math.Exp, Math.Exp),
        Function("expm1", x => x.expm1(), Special.Expm1, Math.Exp),
        Function("log", x => x.log(), Math.Log, x => 1 / x, 0.01, 9),
        Function("log1p", x => x.log1p(), Special.Log1p, x => 1 / (1 + x), -0.9, 9),
        Function("log2", x => x.log2(), Math.Log2, x => 1 / (x * s_log2), 0.01, 9),
        Function("log10", x => x.log10(), Math.Log10, x => 1 / (x * s_log10), 0.01, 9),
        Function("sqrt", x => x.sqrt(), Math.Sqrt, x => 0.5 / Math.Sqrt(x), 0.01, 9),
        Function("rsqrt", x => x.rsqrt(), x => 1 / Math.Sqrt(x), x => -0.5 / (x * Math.Sqrt(x)), 0.1, 9),
        Function("square", x => x.square(), Special.Square, x => 2 * x),
        Function("reciprocal", x => x.reciprocal(), x => 1 / x, x => -1 / (x * x), 0.1, 9),
        Function("pow: number", x => x.pow(1.75), x => Math.Pow(x, 1.75), x => 1.75 * Math.Pow(x, 0.75), 0.1, 9),
        Function("pow: whole number", x => x.pow(3), x => x * x * x, x => 3 * x * x),
        Function("sin", x => x.sin(), Math.Sin, Math.Cos, -9, 9),
        Function("cos", x => x.cos(), Math.Cos, x => -Math.Sin(x), -9, 9),
        Function("tan", x => x.tan(), Math.Tan, x => 1 + Special.Square(Math.Tan(x)), -1.2, 1.2),
        Function("asin", x => x.asin(), Math.Asin, x => 1 / Math.Sqrt(1 - (x * x)), -0.9, 0.9),
        Function("atan", x => x.atan(), Math.Atan, x => 1 / (1 + (x * x))),
        Function("sinh", x => x.sinh(), Math.Sinh, Math.Cosh),
        Function("cosh", x => x.cosh(), Math.Cosh, Math.Sinh),
        Function("tanh", x => x.tanh(), Math.Tanh, x => 1 - Special.Square(Math.Tanh(x))),
        Function("asinh", x => x.asinh(), Math.Asinh, x => 1 / Math.Sqrt(1 + (x * x))),
        Function("acosh", x => x.acosh(), Math.Acosh, x => 1 / Math.Sqrt((x * x) - 1), 1.1, 9),
        Function("atanh", x => x.atanh(), Math.Atanh, x => 1 / (1 - (x * x)), -0.9, 0.9),
        Function("sigmoid", x => x.sigmoid(), Special.Sigmoid, x => Special.Sigmoid(x) * Special.Sigmoid(-x)),
        Function("special.logit", x => special.logit(x), x => Math.Log(x / (1 - x)), x => 1 / (x * (1 - x)), 0.05,
            0.95),
        Function("erf", x => x.erf(), Special.Erf, Special.ErfDerivative) with { Roundings = OfSeries },
        Function("erfinv", x => x.erfinv(), Special.ErfInverse, y => 1 / Special.ErfDerivative(Special.ErfInverse(y)),
            -0.9, 0.9) with { Roundings = OfSeries },
        Function("erfc", x => x.erfc(), x => Special.ErfcScaled(x) * Math.Exp(-x * x),
            x => -Special.ErfDerivative(x), 0, 4) with { Roundings = OfSeries },
        Function("special.i0e", x => special.i0e(x), Special.I0e, x => Special.I1e(x) - Special.I0e(x), 0.1, 9)
            with { Roundings = OfSeries },
        Function("relu", x => x.relu(), x => Math.Max(x, 0), x => x > 0 ? 1 : 0),
        Function("nn.functional.elu", x => elu(x, 1), x => x > 0 ? x : Special.Expm1(x), x => x > 0 ? 1 : Math.Exp(x)),
        Function("nn.functional.selu", x => selu(x), x => SeluScale * (x > 0 ? x : SeluAlpha * Special.Expm1(x)),
            x => SeluScale * (x > 0 ? 1 : SeluAlpha * Math.Exp(x))),
        Function("nn.functional.silu", x => silu(x), x => x * Special.Sigmoid(x),
            x => Special.Sigmoid(x) * (1 + (x * Special.Sigmoid(-x)))),
        Function("nn.functional.gelu", x => gelu(x), x => x * Special.Phi(x),
            x => Special.Phi(x) + (x * Special.ErfDerivative(x / Math.Sqrt(2)) / Math.Sqrt(8)), -1,
            4) with { Roundings = OfSeries },
        Function("nn.functional.softplus", x => softplus(x), x => Special.Log1p(Math.Exp(x)), Special.Sigmoid),
        Function("nn.functional.logsigmoid", x => logsigmoid(x), x => -Special.Log1p(Math.Exp(-x)),
            x => Special.Sigmoid(-x)),
        Function("nn.functional.leaky_relu", x => leaky_relu(x, 0.25), x => x > 0 ? x : 0.25 * x,
            x => x > 0 ? 1 : 0.25),
        Function("clamp", x => x.clamp(-1, 2), x => Math.Clamp(x, -1, 2), x => x is > -1 and < 2 ? 1 : 0),
        Function("clamp: below", x => x.clamp(max: 2), x => Math.Min(x, 2), x => x < 2 ? 1 : 0),
        Function("clamp_min", x => x.clamp_min(-1), x => Math.Max(x, -1), x => x > -1 ? 1 : 0),
        Function("floor", x => x.floor(), Math.Floor, _ => 0),
        Function("round", x => x.round(), Math.Round, _ => 0),
        Function("sign", x => x.sign(), x => Math.Sign(x), _ => 0),
        Function("remainder", x => x.remainder(2), x => x - (2 * Math.Floor(x / 2)), _ => 1),
        Of("nan_to_num", OneTensor, x => x.nan_to_num(0.5, 7, -7), x => x.Map(Finite), Draw.WithoutLimits),
        Of("isnan", OneTensor, x => x.isnan(), x => x.Map(entry => Truth(double.IsNaN(entry.Value))),
            Draw.WithoutLimits),
        Of("isinf", OneTensor, x => x.isinf(), x => x.Map(entry => Truth(double.IsInfinity(entry.Value))),
            Draw.WithoutLimits),
        Of("isneginf", OneTensor, x => x.isneginf(),
            x => x.Map(entry => Truth(double.IsNegativeInfinity(entry.Value))), Draw.WithoutLimits),
        Of("isfinite", OneTensor, x => x.isfinite(), x => x.Map(entry => Truth(double.IsFinite(entry.Value))),
            Draw.WithoutLimits),
        Of("logical_not", OneTensor, x => x.logical_not(), x => x.Map(entry => 1 - entry.Value), Draw.Flags),
        Of("operator ~", OneTensor, x => ~x, x => x.Map(entry => 1 - entry.Value), Draw.Flags),
    ];

    public static double Truth(bool holds) => holds ? 1 : 0;

    private static Real Finite(Real x) => x.Value switch
    {
        double.NaN => 0.5,
        double.PositiveInfinity => 7,
        double.NegativeInfinity => -7,
        _ => x,
    };
}
