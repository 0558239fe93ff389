using static Bijectors.Testing.Doctor.Elimination;
using static Bijectors.Testing.Doctor.Row;
using static TorchSharp.torch.nn.functional;

namespace Bijectors.Testing.Doctor;

/// <summary>Products of matrices, factors and inverses.</summary>
internal static class LinearAlgebra
{
    private const string Square = "1x1, 3x3, 5x5, 9x9, 17x17";
    private const string Products = "1x1 1x1, 3x5 5x1, 1x3 3x5, 3x5 5x7, 17x9 9x33, 33x17 17x5, 129x67 67x131";
    private static readonly Draw s_real = Draw.Between(-3, 3);

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Of("mm", Products, (a, b) => a.mm(b), Product),
        Of("matmul", Products, (a, b) => a.matmul(b), Product),
        Of("matmul: batches", "3x2x5 5x7, 2x17x9 9x33, 5x3x1 1x3", (a, b) => a.matmul(b),
            (a, b) => Unfolded(a, Product(Folded(a), b))),
        Of("matmul: pairs of batches", "2x3x2x5 2x3x5x7, 1x2x17x9 1x2x9x33, 3x1x1x3 3x1x3x1", (a, b) => a.matmul(b),
            (a, b) => RealArray.Of([a.Shape[0], a.Shape[1], a.Shape[2], b.Shape[3]],
                at => Real.Dot(a.Shape[3], k => (a[at[0], at[1], at[2], k], b[at[0], at[1], k, at[3]])))),
        Of("bmm", "3x2x5 3x5x7, 2x17x9 2x9x33, 5x1x3 5x3x1", (a, b) => a.bmm(b),
            (a, b) => RealArray.Of([a.Shape[0], a.Shape[1], b.Shape[2]],
                at => Real.Dot(a.Shape[2], k => (a[at[0], at[1], k], b[at[0], k, at[2]])))),
        Of("dot", "1 1, 5 5, 33 33, 129 129", (a, b) => a.dot(b),
            (a, b) => RealArray.Of(Real.Dot(a.Shape[0], k => (a[k], b[k])))),
        Of("diag_embed", "1, 3, 17", x => x.diag_embed(),
            x => RealArray.Of([x.Shape[0], x.Shape[0]], at => at[0] == at[1] ? x[at[0]] : 0)),
        Of("nn.functional.linear", "1x1 1x1 1, 3x5 7x5 7, 17x9 33x9 33, 33x17 5x17 5, 129x67 131x67 131",
            (x, w, b) => linear(x, w, b), (x, w, b) => Product(x, Transposed(w)).Map(b, (p, q) => p + q)),
        Of("nn.functional.linear: batches, no bias", "3x2x5 7x5, 2x17x9 33x9", (x, w) => linear(x, w),
            (x, w) => Unfolded(x, Product(Folded(x), Transposed(w)))),
        Of("linalg.inv", Square, x => linalg.inv(x), Inverse, Draw.Dominant),
        Many("linalg.slogdet", Square, x => Both(linalg.slogdet(x[0])), x => SignAndLogDet(x[0]), Draw.Dominant),
        Many("linalg.lu", Square, x => Three(linalg.lu(x[0])), x => PermutedFactors(x[0])),
        Many("linalg.qr", Square, x => Both(linalg.qr(x[0])), x => Reflections.Factors(x[0])),
        Of("linalg.solve_triangular: upper", "1x1 1x3, 3x3 3x5, 9x9 9x5, 17x17 17x3",
            (a, b) => linalg.solve_triangular(a, b, upper: true), (a, b) => Solved(a, b, upper: true, unit: false),
            Draw.Dominant, s_real),
        Of("linalg.solve_triangular: lower", "1x1 1x3, 3x3 3x5, 9x9 9x5, 17x17 17x3",
            (a, b) => linalg.solve_triangular(a, b, upper: false), (a, b) => Solved(a, b, upper: false, unit: false),
            Draw.Dominant, s_real),
        Of("linalg.solve_triangular: from the right", "1x1 3x1, 3x3 5x3, 9x9 5x9, 17x17 3x17",
            (a, b) => linalg.solve_triangular(a, b, upper: true, left: false),
            (a, b) => Transposed(Solved(Transposed(a), Transposed(b), upper: false, unit: false)), Draw.Dominant,
            s_real),
        Of("linalg.solve_triangular: unit diagonal", "1x1 3x1, 3x3 5x3, 9x9 5x9, 17x17 3x17",
            (a, b) => linalg.solve_triangular(a, b, upper: true, left: false, unitriangular: true),
            (a, b) => Transposed(Solved(Transposed(a), Transposed(b), upper: false, unit: true)),
            Draw.Between(-0.3, 0.3), s_real),
        Of("linalg.svdvals", "1x1, 3x3, 5x3, 3x5, 9x9, 17x5", x => linalg.svdvals(x), x => new SingularValues(x).All()),
        Of("linalg.matrix_norm: spectral", "1x1, 3x3, 5x3, 3x5, 9x9, 17x5", x => linalg.matrix_norm(x, 2),
            x => RealArray.Of(new SingularValues(x).All().Values[0])),
    ];

    /// <summary>Rows times columns.</summary>
    public static RealArray Product(RealArray a, RealArray b) =>
        RealArray.Of([a.Shape[0], b.Shape[1]], at => Inner(a, at[0], b, at[1]));

    private static Real Inner(RealArray a, int i, RealArray b, int j) => Real.Dot(a.Shape[1], k => (a[i, k], b[k, j]));

    private static RealArray Folded(RealArray x) => new([x.Shape[0] * x.Shape[1], x.Shape[2]], x.Values);

    private static RealArray Unfolded(RealArray x, RealArray product) =>
        new([x.Shape[0], x.Shape[1], product.Shape[1]], product.Values);

    private static Tensor[] Both((Tensor A, Tensor B) pair) => [pair.A, pair.B];

    private static Tensor[] Three((Tensor P, Tensor L, Tensor U) factors) => [factors.P, factors.L, factors.U];
}
