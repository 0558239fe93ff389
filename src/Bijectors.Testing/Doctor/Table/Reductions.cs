using static Bijectors.Testing.Doctor.Functions;
using static Bijectors.Testing.Doctor.Row;

namespace Bijectors.Testing.Doctor;

/// <summary>Operations that make one number of many: of all, or of those along a dimension.</summary>
internal static class Reductions
{
    private const string Several = "3, 5, 17, 33, 3x5, 17x9, 5x8009";
    private const string Matrices = "3x5, 5x3, 17x9, 33x2, 5x8009, 8009x5";

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        All("sum", x => x.sum(), Sum),
        OfRows("sum: last dimension", x => x.sum(-1), Sum),
        OfColumns("sum: first dimension", x => x.sum([0L]), Sum),
        OfRows("sum: of conditions", x => (x > 0).sum(-1), row => row.Count(entry => entry.Value > 0)),
        All("mean", x => x.mean(), Mean),
        OfColumns("mean: first dimension", x => x.mean([0L]), Mean),
        All("std", x => x.std(), numbers => Deviation(numbers, numbers.Length - 1), Several),
        OfColumns("std: first dimension", x => x.std(0, unbiased: false), column => Deviation(column, column.Length)),
        All("norm", x => x.norm(), numbers => Real.Dot(numbers.Length, i => (numbers[i], numbers[i])).Sqrt()),
        All("nansum", x => x.nansum(), numbers => Sum([.. numbers.Where(entry => !double.IsNaN(entry.Value))]),
            draws: Draw.WithNaN),
        All("max", x => x.max(), Greatest),
        All("min", x => x.min(), Least),
        OfRows("amax", x => x.amax([-1L]), Greatest),
        OfRows("amin", x => x.amin([-1L]), Least),
        Many("aminmax", OneTensor, x => Both(x[0].aminmax()),
            x => [RealArray.Of(Least(x[0].Values)), RealArray.Of(Greatest(x[0].Values))]) with { HasGradient = false },
        All("argmax", x => x.argmax(), GreatestPlace, draws: Draw.Distinct),
        OfRows("argmax: last dimension", x => x.argmax(-1), GreatestPlace, Draw.Distinct),
        All("all", x => x.all(), numbers => Truth(numbers.All(IsTrue)), draws: Draw.Flags),
        OfRows("all: last dimension", x => x.all(-1), row => Truth(row.All(IsTrue)), Draw.Flags),
        All("any", x => x.any(), numbers => Truth(numbers.Any(IsTrue)), draws: Draw.Flags),
        OfRows("any: last dimension", x => x.any(-1), row => Truth(row.Any(IsTrue)), Draw.Flags),
        Of("cumsum", Matrices, x => x.cumsum(-1), PartialSums),
        OfRows("logsumexp", x => x.logsumexp(-1), row => Real.Sum(row.Length, j => row[j].Exp()).Log()),
        Of("softmax", Matrices, x => x.softmax(-1), Softmax),
        Of("nn.functional.layer_norm", "3x5 5 5, 5x3 3 3, 17x9 9 9, 33x17 17 17, 5x129 129 129",
            (x, a, b) => nn.functional.layer_norm(x, a.shape, a, b, 0.5), (x, a, b) => Normalized(x).Map(a, (p, q) =>
                p * q).Map(b, (p, q) => p + q)),
        Of("diff", Matrices, x => x.diff(dim: 0),
            x => RealArray.Of([x.Shape[0] - 1, x.Shape[1]], at => x[at[0] + 1, at[1]] - x[at[0], at[1]])),
        Of("bincount", "1, 3, 17, 33, 4099", x => x.bincount(null, 9),
            x => RealArray.Of([9], at => x.Values.Count(entry => entry.Value == at[0])), Draw.Whole),
    ];

    private static TabledOperation All(
        string name,
        Func<Tensor, Tensor> call,
        Func<Real[], Real> loops,
        string shapes = OneTensor,
        params Draw[] draws) =>
        Of(name, shapes, call, x => RealArray.Of(loops(x.Values)), draws);

    private static TabledOperation OfRows(
        string name, Func<Tensor, Tensor> call, Func<Real[], Real> loops, params Draw[] draws) =>
        Of(name, Matrices, call, x => RealArray.Of([x.Shape[0]], at => loops(Line(x.Shape[1], j => x[at[0], j]))),
            draws);

    private static TabledOperation OfColumns(string name, Func<Tensor, Tensor> call, Func<Real[], Real> loops) =>
        Of(name, Matrices, call, x => RealArray.Of([x.Shape[1]], at => loops(Line(x.Shape[0], i => x[i, at[0]]))));

    private static Real[] Line(int size, Func<int, Real> entry) => [.. Enumerable.Range(0, size).Select(entry)];

    private static Tensor[] Both((Tensor Least, Tensor Greatest) ends) => [ends.Least, ends.Greatest];

    private static bool IsTrue(Real flag) => flag.Value == 1;

    private static Real Sum(Real[] numbers) => Real.Sum(numbers.Length, i => numbers[i]);

    private static Real Mean(Real[] numbers) => Sum(numbers) / numbers.Length;

    private static Real Greatest(Real[] numbers) => numbers.MaxBy(entry => entry.Value);

    private static Real Least(Real[] numbers) => numbers.MinBy(entry => entry.Value);

    private static Real GreatestPlace(Real[] numbers) =>
        Enumerable.Range(0, numbers.Length).MaxBy(i => numbers[i].Value);

    private static Real Deviation(Real[] numbers, int divisor)
    {
        var mean = Mean(numbers);
        var apart = numbers.Select(entry => entry - mean).ToArray();
        return (Real.Dot(apart.Length, i => (apart[i], apart[i])) / divisor).Sqrt();
    }

    private static RealArray PartialSums(RealArray x)
    {
        var sums = (Real[])x.Values.Clone();
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = i % x.Shape[1] == 0 ? sums[i] : sums[i - 1] + sums[i];
        }

        return new(x.Shape, sums);
    }

    /// <summary>Each row less its mean, over the root of its variance and a half.</summary>
    private static RealArray Normalized(RealArray x)
    {
        var means = Line(x.Shape[0], i => Mean(Line(x.Shape[1], j => x[i, j])));
        var apart = RealArray.Of(x.Shape, at => x[at] - means[at[0]]);
        var roots = Line(
            x.Shape[0], i => ((Real.Dot(x.Shape[1], j => (apart[i, j], apart[i, j])) / x.Shape[1]) + 0.5).Sqrt());
        return RealArray.Of(x.Shape, at => apart[at] / roots[at[0]]);
    }

    private static RealArray Softmax(RealArray x)
    {
        var powers = x.Map(entry => entry.Exp());
        var sums = Line(x.Shape[0], i => Real.Sum(x.Shape[1], j => powers[i, j]));
        return RealArray.Of(x.Shape, at => powers[at] / sums[at[0]]);
    }
}
