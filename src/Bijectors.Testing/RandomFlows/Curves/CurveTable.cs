namespace Bijectors.Testing.RandomFlows;

/// <summary>Every elementwise bijector of Core.</summary>
internal static class CurveTable
{
    private const double Inf = double.PositiveInfinity;

    public static IReadOnlyList<Curve> All { get; } =
    [
        Real(nameof(Identity), x => x, y => y, _ => 1, () => new Identity()),
        Real(nameof(Exp), Math.Exp, Math.Log, Math.Exp, () => new Exp()),
        Of(nameof(Log), 0, Inf, Math.Log, Math.Exp, x => 1 / x, () => new Log()),
        Real(nameof(Expm1), Scalars.Expm1, Scalars.Log1p, Math.Exp, () => new Expm1()),
        Of(nameof(Log1p), -1, Inf, Scalars.Log1p, Scalars.Expm1, x => 1 / (1 + x), () => new Log1p()),
        Real(nameof(Softplus), Scalars.Softplus, y => y + Math.Log(-Scalars.Expm1(-y)), Scalars.Sigmoid,
            () => new Softplus()),
        Real(nameof(Sigmoid), Scalars.Sigmoid, Scalars.Logit, x => Scalars.Sigmoid(x) * Scalars.Sigmoid(-x),
            () => new Sigmoid()),
        Of(nameof(Logit), 0, 1, Scalars.Logit, Scalars.Sigmoid, x => 1 / (x * (1 - x)), () => new Logit()),
        Real(nameof(Tanh), Math.Tanh, Math.Atanh, x => 1 / (Math.Cosh(x) * Math.Cosh(x)), () => new Tanh()),
        Of(nameof(Atanh), -1, 1, Math.Atanh, Math.Tanh, x => 1 / ((1 - x) * (1 + x)), () => new Atanh()),
        Real(nameof(Sinh), Math.Sinh, Math.Asinh, Math.Cosh, () => new Sinh()),
        Real(nameof(Asinh), Math.Asinh, Math.Sinh, x => 1 / Math.Sqrt(1 + (x * x)), () => new Asinh()),
        Real(nameof(Erf), Scalars.Erf, Scalars.ErfInverse,
            x => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x), () => new Erf()),
        Real(nameof(Elu), x => x > 0 ? x : Scalars.Expm1(x), y => y > 0 ? y : Scalars.Log1p(y),
            x => x > 0 ? 1 : Math.Exp(x), () => new Elu()),
        new(nameof(LeakyRelu), 1, -Inf, Inf, (x, p) => x > 0 ? x : p.A * x, (y, p) => y > 0 ? y : y / p.A,
            (x, p) => x > 0 ? 1 : p.A, p => new LeakyRelu(p.A)),
        Of(nameof(Square), 0, Inf, x => x * x, Math.Sqrt, x => 2 * x, () => new Square()),
        Of(nameof(Sqrt), 0, Inf, Math.Sqrt, y => y * y, x => 0.5 / Math.Sqrt(x), () => new Sqrt()),
        Of(nameof(Reciprocal), 0, Inf, x => 1 / x, y => 1 / y, x => 1 / (x * x), () => new Reciprocal()),
        new(nameof(Power), 1, 0, Inf, (x, p) => Math.Pow(x, p.A), (y, p) => Math.Pow(y, 1 / p.A),
            (x, p) => Math.Abs(p.A) * Math.Pow(x, p.A - 1), p => new Power(p.A)),
        Real(nameof(Negate), x => -x, y => -y, _ => 1, () => new Negate()),
        new(nameof(Scale), 1, -Inf, Inf, (x, p) => p.A * x, (y, p) => y / p.A, (_, p) => Math.Abs(p.A),
            p => new Scale(p.A)),
        new(nameof(Shift), 1, -Inf, Inf, (x, p) => x + p.A, (y, p) => y - p.A, (_, _) => 1, p => new Shift(p.A)),
        new(nameof(Affine), 2, -Inf, Inf, (x, p) => (p.A * x) + p.B, (y, p) => (y - p.B) / p.A, (_, p) => Math.Abs(p.A),
            p => new Affine(p.A, p.B)),
    ];

    public static Curve Named(string name) => All.Single(curve => curve.Name == name);

    private static Curve Real(
        string name, Func<double, double> map, Func<double, double> inverse, Func<double, double> slope,
        Func<Bijector> make) =>
        Of(name, -Inf, Inf, map, inverse, slope, make);

    private static Curve Of(
        string name, double low, double high, Func<double, double> map, Func<double, double> inverse,
        Func<double, double> slope, Func<Bijector> make) =>
        new(name, 0, low, high, (x, _) => map(x), (y, _) => inverse(y), (x, _) => slope(x), _ => make());
}
