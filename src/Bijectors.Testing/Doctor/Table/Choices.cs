using static Bijectors.Testing.Doctor.Row;

namespace Bijectors.Testing.Doctor;

/// <summary>Operations that choose numbers by a condition, by their places or by their order.</summary>
internal static class Choices
{
    private const string Matrices = "1x1, 3x5, 5x3, 17x9, 9x33, 5x8009";
    private static readonly Real s_none = double.PositiveInfinity;
    private static readonly Draw s_real = Draw.Between(-3, 3);

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Of("where", "3 3 3, 3x5 3x5 3x5, 17x9 17x9 17x9, 17x9 9 -, 5x8009 5x8009 5x8009", where,
            (flag, a, b) => flag.Map(a, (f, p) => IsTrue(f) ? p : s_none).Map(b, (p, q) => p == s_none ? q : p),
            Draw.Flags, s_real),
        Of("where: numbers", Matrices, flag => where(flag, 0.5, 2.0),
            flag => flag.Map(entry => entry.Value == 1 ? 0.5 : 2), Draw.Flags),
        Of("index_select", Matrices, x => x.index_select(1, Index(x.shape[1])),
            x => x.Moved(x.Shape, at => [at[0], Chosen(at[1], x.Shape[1])])),
        Of("operator []: places", Matrices, x => x[Index(x.shape[0])],
            x => x.Moved(x.Shape, at => [Chosen(at[0], x.Shape[0]), at[1]])),
        Of("gather", Matrices, x => x.gather(1, Index(x.shape[1]).expand(x.shape[0], -1)),
            x => x.Moved(x.Shape, at => [at[0], Chosen(at[1], x.Shape[1])])),
        Many("sort", Matrices, x => Both(x[0].sort(-1)), x => [Sorted(x[0], 1), Order(x[0], 1)], Draw.Distinct),
        Of("argsort", Matrices, x => x.argsort(-1, descending: true), x => Order(x, -1), Draw.Distinct),
        Of("searchsorted", "5 3, 33 17, 3x5 3x1, 17x9 17x33",
            (a, b) => searchsorted(a.sort(-1).Values.contiguous(), b.contiguous()),
            (a, b) => RealArray.Of(b.Shape, at => CountBelow(a, at[..^1], b[at].Value))),
        Of("nonzero", Matrices, x => x.nonzero(), Found, Draw.Flags),
    ];

    private static bool IsTrue(Real flag) => flag.Value == 1;

    /// <summary>How many numbers of a row are less than a value.</summary>
    private static int CountBelow(RealArray x, int[] row, double value) =>
        Enumerable.Range(0, x.Shape[^1]).Count(k => x[[.. row, k]].Value < value);

    private static int Chosen(int place, int size) => ((5 * place) + 1) % size;

    private static Tensor Index(long size) =>
        tensor([.. Enumerable.Range(0, (int)size).Select(place => (long)Chosen(place, (int)size))]);

    private static Tensor[] Both((Tensor Values, Tensor Places) sorted) => [sorted.Values, sorted.Places];

    private static RealArray Order(RealArray x, int sign)
    {
        var places = Enumerable.Range(0, x.Shape[0])
            .Select(i => Enumerable.Range(0, x.Shape[1]).OrderBy(j => sign * x[i, j].Value).ToArray()).ToArray();
        return RealArray.Of(x.Shape, at => places[at[0]][at[1]]);
    }

    private static RealArray Sorted(RealArray x, int sign)
    {
        var order = Order(x, sign);
        return x.Moved(x.Shape, at => [at[0], (int)order[at].Value]);
    }

    private static RealArray Found(RealArray flags)
    {
        var columns = flags.Shape[1];
        var places = Enumerable.Range(0, flags.Values.Length).Where(i => IsTrue(flags.Values[i])).ToArray();
        return RealArray.Of([places.Length, 2], at => at[1] == 0 ? places[at[0]] / columns : places[at[0]] % columns);
    }
}
