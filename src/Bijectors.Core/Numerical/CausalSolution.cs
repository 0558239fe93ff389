using System.Globalization;

namespace Bijectors;

/// <summary>
/// How the inverse of a map is found whose entry i depends on the entries before i: <c>y_i = f_i(x_i; x_&lt;i)</c>,
/// where every f_i is invertible in its first argument.
/// </summary>
/// <remarks>
/// Both give the same gradients, by the implicit function theorem at the solution. A bijector says which one it takes
/// by <see cref="ICausalInverse"/>.
/// </remarks>
public sealed class CausalSolution
{
    private CausalSolution(double? tolerance) => Tolerance = tolerance;

    /// <summary>
    /// Entry by entry, <c>x_i = f_i^-1(y_i; x_&lt;i)</c>: D steps one after another, each of what its entry adds where
    /// the causal function has an incremental pass, and of a whole evaluation where it has none.
    /// </summary>
    public static CausalSolution Incremental { get; } = new(null);

    /// <summary>The largest change of a sweep after which no other follows; null where there are no sweeps.</summary>
    public double? Tolerance { get; }

    /// <summary>
    /// In sweeps over all entries at once, <c>x_i &lt;- f_i^-1(y_i; x_&lt;i of the sweep before)</c>, until the largest
    /// change of an entry is at most the tolerance. After k sweeps the first k entries are exact up to rounding, so
    /// there are at most D sweeps; where entries depend little on those far before them a few do.
    /// </summary>
    /// <remarks>
    /// A sweep is one evaluation of the causal functions. That pays where an evaluation is cheap beside D small steps:
    /// on a GPU, and for functions without an incremental pass. The change bounds the error only where the map is well
    /// conditioned; 0 sweeps until nothing moves. Source: Song et al. 2021, Accelerating feedforward computation via
    /// parallel nonlinear equation solving, arXiv 2002.03629; Wiggers and Hoogeboom 2020, Predictive sampling with
    /// forecasting autoregressive models, arXiv 2002.09928.
    /// </remarks>
    /// <param name="tolerance">The largest change that counts as none, in units of x, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public static CausalSolution Jacobi(double tolerance) => tolerance >= 0
        ? new(tolerance)
        : throw new ArgumentOutOfRangeException(
            nameof(tolerance),
            string.Create(CultureInfo.InvariantCulture, $"CausalSolution.Jacobi: expected a tolerance of 0 or more, "
                + $"got {tolerance}; give the change of x below which sweeps may end, as 1e-6."));

    /// <summary>The name, with the tolerance.</summary>
    public override string ToString() =>
        Tolerance is { } tolerance
            ? string.Create(CultureInfo.InvariantCulture, $"Jacobi({tolerance})")
            : nameof(Incremental);
}
