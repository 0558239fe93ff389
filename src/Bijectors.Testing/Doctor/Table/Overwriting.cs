using static Bijectors.Testing.Doctor.Row;

namespace Bijectors.Testing.Doctor;

/// <summary>
/// Operations that write over their first argument. Functions are those of <see cref="Functions"/>, with the same
/// numbers.
/// </summary>
internal static class Overwriting
{
    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Over("operator -x", x => x.neg_(), "neg_"),
        Over("exp", x => x.exp_()),
        Over("expm1", x => x.expm1_()),
        Over("log", x => x.log_()),
        Over("log1p", x => x.log1p_()),
        Over("log2", x => x.log2_()),
        Over("log10", x => x.log10_()),
        Over("sqrt", x => x.sqrt_()),
        Over("rsqrt", x => x.rsqrt_()),
        Over("reciprocal", x => x.reciprocal_()),
        Over("sin", x => x.sin_()),
        Over("tan", x => x.tan_()),
        Over("asin", x => x.asin_()),
        Over("atan", x => x.atan_()),
        Over("sinh", x => x.sinh_()),
        Over("cosh", x => x.cosh_()),
        Over("tanh", x => x.tanh_()),
        Over("sigmoid", x => x.sigmoid_()),
        Over("erf", x => x.erf_()),
        Over("erfinv", x => x.erfinv_()),
        Over("asinh", x => x.asinh_()) with { HasGradient = false },
        Over("acosh", x => x.acosh_()) with { HasGradient = false },
        Over("atanh", x => x.atanh_()) with { HasGradient = false },
        Pair("add_", (a, b) => a.add_(b), (a, b) => a + b),
        Pair("add_: times a number", (a, b) => a.add_(b, alpha: 0.375), (a, b) => a + (b * 0.375)),
        Pair("sub_", (a, b) => a.sub_(b), (a, b) => a - b),
        Pair("mul_", (a, b) => a.mul_(b), (a, b) => a * b),
        Pair("div_", (a, b) => a.div_(b), (a, b) => a / b, Draw.Between(0.5, 3)),
        Pair("lerp_", (a, b) => a.lerp_(b, 0.375), (a, b) => a + ((b - a) * 0.375)),
        Number("add_: number", x => x.add_(0.375), x => x + 0.375),
        Number("sub_: number", x => x.sub_(0.375), x => x - 0.375),
        Number("mul_: number", x => x.mul_(0.375), x => x * 0.375),
        Number("div_: number", x => x.div_(0.375), x => x / 0.375),
        Number("fill_", x => x.fill_(0.375), _ => 0.375),
        Number("zero_", x => x.zero_(), _ => 0) with { HasGradient = false },
        Pair("copy_", (a, b) => a.copy_(b), (_, b) => b),
        Three("addcmul_", (a, b, c) => a.addcmul_(b, c, 0.375), (a, b, c) => a + (0.375 * b * c)),
        Three("addcdiv_", (a, b, c) => a.addcdiv_(b, c, 0.375), (a, b, c) => a + (0.375 * b / c)),
    ];

    private static TabledOperation Over(string function, Func<Tensor, Tensor> call, string? name = null) =>
        Functions.Rows.OfType<TabledOperation>().First(row => row.Name == function) with
        {
            Name = name ?? function + "_",
            Call = x => [call(x[0])],
            Overwrites = true,
        };

    private static TabledOperation Number(string name, Func<Tensor, Tensor> call, Func<Real, Real> loops) =>
        Of(name, OneTensor, call, x => x.Map(loops)) with { Overwrites = true };

    private static TabledOperation Pair(
        string name, Func<Tensor, Tensor, Tensor> call, Func<Real, Real, Real> loops, params Draw[] draws) =>
        Of(name, TwoTensors.Replace("3x1 1x5, ", "", StringComparison.Ordinal), call, (a, b) => a.Map(b, loops),
            draws) with { Overwrites = true };

    private static TabledOperation Three(
        string name, Func<Tensor, Tensor, Tensor, Tensor> call, Func<Real, Real, Real, Real> loops)
    {
        var shapes = string.Join(", ", OneTensor.Split(", ").Select(shape => $"{shape} {shape} {shape}"));
        return Of(name, shapes, call, Loops, Draw.Between(0.5, 3)) with { Overwrites = true };

        RealArray Loops(RealArray a, RealArray b, RealArray c) =>
            new(a.Shape, [.. a.Values.Select((entry, i) => loops(entry, b.Values[i], c.Values[i]))]);
    }
}
