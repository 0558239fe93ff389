namespace Bijectors.Testing;

/// <summary>
/// The Jacobian J of a map at points, between orthonormal bases of the sets that it maps: <c>T(y)^T J T(x)</c>, a
/// square matrix. Where the sets are open it is J itself.
/// </summary>
internal sealed class SurfaceJacobian
{
    private readonly Tensor? _from;
    private readonly Tensor? _onto;
    private Tensor? _logAbsDet;

    /// <param name="from">The set of the points, and how many dimensions one of them has.</param>
    /// <param name="onto">The set of what comes out.</param>
    /// <param name="x">Points, <c>(B, event...)</c>.</param>
    /// <param name="y">What comes out.</param>
    /// <param name="jacobian">J, <c>(B, D out, D in)</c>.</param>
    public SurfaceJacobian(
        (Domain Set, int Rank) from, (Domain Set, int Rank) onto, Tensor x, Tensor y, Tensor jacobian)
    {
        _from = TangentBasis.Of(from.Set, x, from.Rank);
        _onto = TangentBasis.Of(onto.Set, y, onto.Rank);
        var inside = _from is null ? jacobian : jacobian.matmul(_from);
        Square = _onto is null ? inside : _onto.mT.matmul(inside);
    }

    /// <summary>That of a direction of a bijector.</summary>
    public static SurfaceJacobian Of(Direction direction, Tensor x, Tensor y, Tensor jacobian) =>
        new((direction.From, direction.FromShape.Rank), (direction.Onto, direction.OntoShape.Rank), x, y, jacobian);

    /// <summary>The square matrix, <c>(B, d, d)</c>.</summary>
    public Tensor Square { get; }

    /// <summary><c>log|det|</c> of it, <c>(B)</c>.</summary>
    public Tensor LogAbsDet => _logAbsDet ??= Jacobians.LogAbsDet(Square);

    /// <summary>The inverse as a map of entries, <c>(B, D in, D out)</c>.</summary>
    /// <param name="wayBack">What the map back says where there is no inverse, of that shape.</param>
    public Tensor Inverse(Func<Tensor> wayBack)
    {
        var regular = LogAbsDet.isfinite().reshape(-1, 1, 1);
        var unit = eye(Square.shape[1], dtype: Square.dtype, device: Square.device);
        var inverse = linalg.inv(where(regular, Square, unit));
        var lifted = _from is null ? inverse : _from.matmul(inverse);
        var entries = _onto is null ? lifted : lifted.matmul(_onto.mT);
        return regular.all().item<bool>() ? entries : where(regular, entries, wayBack());
    }
}
