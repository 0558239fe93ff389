using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>
/// The Jacobian J of a way at points, between orthonormal bases of the sets that it maps: <c>T(y)^T J T(x)</c>, a square
/// matrix. Where the sets go on in all directions it is J itself.
/// </summary>
internal sealed class SurfaceJacobian
{
    private readonly Way _way;
    private readonly Tensor _y;
    private readonly Tensor? _context;
    private readonly Tensor? _from;
    private readonly Tensor? _onto;

    /// <param name="way">The way.</param>
    /// <param name="x">Points, <c>(B, event...)</c>.</param>
    /// <param name="context">The context of each.</param>
    /// <param name="y">What comes out.</param>
    /// <param name="jacobian">J, <c>(B, D out, D in)</c>.</param>
    public SurfaceJacobian(Way way, Tensor x, Tensor? context, Tensor y, Tensor jacobian)
    {
        (_way, _y, _context) = (way, y, context);
        _from = TangentBasis.Of(way.From, x, way.FromShape.Rank);
        _onto = TangentBasis.Of(way.Onto, y, way.OntoShape.Rank);
        var inside = _from is null ? jacobian : jacobian.matmul(_from);
        Square = _onto is null ? inside : _onto.mT.matmul(inside);
        LogAbsDet = Jacobians.LogAbsDet(Square);
    }

    /// <summary>The square matrix, <c>(B, d, d)</c>.</summary>
    public Tensor Square { get; }

    /// <summary><c>log|det|</c> of it, <c>(B)</c>.</summary>
    public Tensor LogAbsDet { get; }

    /// <summary>
    /// The inverse as a map of entries, <c>(B, D in, D out)</c>; where there is none, what the way back takes it for.
    /// </summary>
    public Tensor Inverse()
    {
        var regular = LogAbsDet.isfinite().reshape(-1, 1, 1);
        var unit = eye(Square.shape[1], dtype: Square.dtype, device: Square.device);
        var inverse = linalg.inv(where(regular, Square, unit));
        var lifted = _from is null ? inverse : _from.matmul(inverse);
        var entries = _onto is null ? lifted : lifted.matmul(_onto.mT);
        return regular.all().item<bool>()
            ? entries
            : where(regular, entries, Jacobians.Of(_way.Back, _y, _context, _way.FromShape.Size));
    }
}
