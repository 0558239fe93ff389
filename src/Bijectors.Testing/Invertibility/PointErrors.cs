namespace Bijectors.Testing;

/// <summary>One number for each point of a batch.</summary>
internal static class PointErrors
{
    /// <summary>The entries of each point, <c>(B, D)</c>.</summary>
    public static Tensor Rows(Tensor x) => x.reshape(x.shape[0], -1);

    /// <summary>
    /// How far each entry is off, relative to <c>1 + |x|</c>, in float64; infinite where it is not finite.
    /// </summary>
    public static Tensor Relative(Tensor x, Tensor back)
    {
        var (exact, got) = (Rows(x).to(ScalarType.Float64), Rows(back).to(ScalarType.Float64));
        return ((got - exact).abs() / (1 + exact.abs())).nan_to_num(double.PositiveInfinity, double.PositiveInfinity);
    }

    /// <summary>The worst entry of each point.</summary>
    public static double[] Worst(Tensor x, Tensor back) => Numbers(Relative(x, back).amax(1));

    /// <summary>Which points are finite in every entry.</summary>
    public static bool[] Finite(Tensor x) => All(x.isfinite());

    /// <summary>Which points hold true in every entry.</summary>
    public static bool[] All(Tensor holds) => Rows(holds).all(1).cpu().data<bool>().ToArray();

    public static double[] Numbers(Tensor x) => x.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();

    public static Tensor Select(Tensor x, IEnumerable<long> rows) =>
        x.index_select(0, tensor(rows.ToArray(), device: x.device));
}
