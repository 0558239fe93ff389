using static Bijectors.Testing.Doctor.Functions;
using static Bijectors.Testing.Doctor.Row;

namespace Bijectors.Testing.Doctor;

/// <summary>Functions of two numbers, entry by entry, and comparisons.</summary>
internal static class Pairs
{
    private static readonly Draw s_positive = Draw.Between(0.5, 3);
    private static readonly Draw s_real = Draw.Between(-3, 3);

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Pair("operator +", (a, b) => a + b, (a, b) => a + b),
        Pair("operator -", (a, b) => a - b, (a, b) => a - b),
        Pair("operator *", (a, b) => a * b, (a, b) => a * b),
        Pair("operator /", (a, b) => a / b, (a, b) => a / b, s_real, s_positive),
        Pair("operator %", (a, b) => a % b, (a, b) => a - (b * Math.Floor(a.Value / b.Value)), s_real, s_positive),
        Of("operator +: number", OneTensor, x => 0.75 + (x + 0.375), x => x.Map(entry => 0.75 + (entry + 0.375))),
        Of("operator -: number", OneTensor, x => 0.75 - (x - 0.375), x => x.Map(entry => 0.75 - (entry - 0.375))),
        Of("operator *: number", OneTensor, x => 0.75 * (x * 0.375), x => x.Map(entry => 0.75 * (entry * 0.375))),
        Of("operator /: number", OneTensor, x => 0.75 / (x / 0.375), x => x.Map(entry => 0.75 / (entry / 0.375)),
            s_positive),
        Pair("pow", (a, b) => a.pow(b), (a, b) => ((b * a.Log()).Exp()), s_positive, s_real),
        Of("pow: of a number", OneTensor, x => torch.pow(1.75, x), x => x.Map(entry => (entry * Math.Log(1.75)).Exp())),
        Pair("maximum", maximum, (a, b) => a.Value > b.Value ? a : b),
        Pair("minimum", minimum, (a, b) => a.Value < b.Value ? a : b),
        Pair("hypot", hypot, (a, b) => ((a * a) + (b * b)).Sqrt()),
        Pair("atan2", atan2, (a, b) => (a / b).Apply(Math.Atan, t => 1 / (1 + (t * t))), s_real, s_positive),
        Pair("logaddexp", logaddexp, (a, b) => (a.Exp() + b.Exp()).Log()),
        Condition("operator <", (a, b) => a < b, (a, b) => a < b),
        Condition("operator <=", (a, b) => a <= b, (a, b) => a <= b),
        Condition("operator >", (a, b) => a > b, (a, b) => a > b),
        Condition("operator >=", (a, b) => a >= b, (a, b) => a >= b),
        Condition("operator ==", (a, b) => a == b, (a, b) => a == b),
        Condition("lt", (a, b) => a.lt(b), (a, b) => a < b),
        Condition("le", (a, b) => a.le(b), (a, b) => a <= b),
        Condition("ge", (a, b) => a.ge(b), (a, b) => a >= b),
        Condition("eq", (a, b) => a.eq(b), (a, b) => a == b),
        Condition("eq: number", (a, b) => a.eq(1) == (b * 0 == 0), (a, _) => a == 1),
        Of("equal", OneTensor, x => x.equal(x.flip(0)).all(), x => Close(x, 0), Draw.Steps),
        Of("Equals", OneTensor, x => tensor(x.Equals(x.flip(0))), x => Close(x, 0), Draw.Steps),
        Of("Equals: of a copy", OneTensor, x => tensor(x.Equals(x.clone())), _ => RealArray.Of(1)),
        Of("allclose", OneTensor, x => tensor(x.allclose(x.flip(0), 0, 1)), x => Close(x, 1), Draw.Steps),
        Flags("logical_and", (a, b) => a.logical_and(b), (a, b) => a && b),
        Flags("logical_or", (a, b) => a.logical_or(b), (a, b) => a || b),
        Flags("operator &", (a, b) => a & b, (a, b) => a && b),
        Flags("operator |", (a, b) => a | b, (a, b) => a || b),
    ];

    private static TabledOperation Pair(
        string name, Func<Tensor, Tensor, Tensor> call, Func<Real, Real, Real> loops, params Draw[] draws) =>
        Of(name, TwoTensors, call, (a, b) => a.Map(b, loops), draws);

    private static TabledOperation Condition(
        string name, Func<Tensor, Tensor, Tensor> call, Func<double, double, bool> loops) =>
        Of(name, TwoTensors, call, (a, b) => a.Map(b, (p, q) => Truth(loops(p.Value, q.Value))), Draw.Steps);

    private static TabledOperation Flags(
        string name, Func<Tensor, Tensor, Tensor> call, Func<bool, bool, bool> loops) =>
        Of(name, TwoTensors, call, (a, b) => a.Map(b, (p, q) => Truth(loops(p.Value == 1, q.Value == 1))), Draw.Flags);

    private static RealArray Close(RealArray x, double distance)
    {
        var apart = x.Map(Rearrangements.Flipped(x, 0), (a, b) => a - b);
        return RealArray.Of(Truth(apart.Values.All(entry => Math.Abs(entry.Value) <= distance)));
    }
}
