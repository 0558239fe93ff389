using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A linear map with a weight in factors: <c>y = W x + b</c>, <c>W = P L (U + diag(sign exp(s)))</c> with P a fixed
/// permutation, L unit lower and U strictly upper triangular; <c>log|dy/dx| = sum of s</c>.
/// </summary>
/// <remarks>
/// The three stand in one matrix: L below the diagonal, s on it, U above it. Starts as a random rotation. The inverse
/// is two triangular solves. The condition of W is not bounded: a map that must stay well conditioned is better
/// orthogonal. Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, eq. 10.
/// </remarks>
// By hand: the language has elementwise maps and re-indexings, and no matrices yet.
public sealed class PluLinear : Bijector
{
    // Constants, registered under the same names as buffers, in a copy.
    private readonly Tensor factors;
    private readonly Tensor bias;
    private readonly Tensor sign;
    private readonly Tensor order;
    private readonly Tensor inverseOrder;

    /// <summary>A linear map that starts as a random rotation without shift.</summary>
    /// <param name="size">The number D of features.</param>
    /// <param name="generator">What the rotation is drawn from.</param>
    /// <exception cref="ArgumentException">The size is not positive.</exception>
    public PluLinear(long size, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;

        MemoryLimit.Take(size, size);
        using var scope = NewDisposeScope();
        var (rotation, _) = linalg.qr(randn(size, size, ScalarType.Float64, generator: generator));
        var (p, l, u) = linalg.lu(rotation);
        var diagonal = u.diagonal();
        factors = Initial.Parameter((l.tril(-1) + u.triu(1) + diag(diagonal.abs().log())).to(ScalarType.Float32));
        bias = Initial.Constant(0, size);
        sign = Initial.Buffer(diagonal.sign().to(ScalarType.Float32));

        // Row i of P M is row order[i] of M.
        order = Initial.Buffer(p.argmax(-1));
        inverseOrder = Initial.Buffer(p.argmax(0));
        RegisterComponents();
    }

    private PluLinear(PluLinear source)
    {
        Size = source.Size;
        factors = Initial.Snapshot(source.factors);
        bias = Initial.Snapshot(source.bias);
        sign = Initial.Snapshot(source.sign);
        order = Initial.Snapshot(source.order);
        inverseOrder = Initial.Snapshot(source.inverseOrder);
        RegisterComponents();
    }

    /// <summary>The number D of features.</summary>
    public long Size { get; }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override bool HasConstantJacobian => true;

    /// <inheritdoc/>
    public override int? AffineAxis => -1;

    /// <summary>The type and the number of features.</summary>
    public override string ToString() => $"PluLinear({Size})";

    /// <summary>Composes W.</summary>
    /// <returns>A fresh tensor <c>(D, D)</c>.</returns>
    public Tensor Weight()
    {
        using var l = Lower();
        using var u = Upper();
        using var product = l.mm(u);
        return product.index_select(0, order);
    }

    /// <summary>The log-det of W, <c>sum of s</c>.</summary>
    /// <returns>A fresh scalar.</returns>
    internal Tensor LogDet()
    {
        using var s = factors.diagonal();
        return s.sum();
    }

    /// <summary>The log-det of a map that applies W along an axis, at points.</summary>
    internal Tensor LogDetAlong(int axis, Tensor points, int eventRank)
    {
        using var logDet = LogDet();
        using var last = movedim(points, axis, -1);
        return LogDets.Sum(logDet, last, eventRank, termRank: 1);
    }

    /// <summary>The points that W and b take to others along an axis.</summary>
    internal Tensor SolveAlong(int axis, Tensor y)
    {
        using var last = movedim(y, axis, -1);
        using var solved = Solve(last);
        return movedim(solved, -1, axis);
    }

    /// <summary>The same map made of constants.</summary>
    internal PluLinear Snapshot() => new(this);

    /// <summary>b, which is added after W.</summary>
    internal Tensor Bias => bias;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input == Shape.Vector(Size)
        ? input
        : throw new ShapeException(ToString(), $"expected last dimension {Size}", $"got {input[-1]}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => Snapshot();

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var weight = Weight();
        return nn.functional.linear(x, weight, bias);
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => Solve(y);

    /// <summary>The vectors x with <c>W x + b = y</c>.</summary>
    internal Tensor Solve(Tensor y)
    {
        // Points are rows, so the systems stand transposed: X U' L' = Y P, solved from the right.
        using var l = Lower();
        using var u = Upper();
        using var lt = l.mT;
        using var ut = u.mT;
        using var centred = y - bias;
        using var permuted = centred.index_select(y.dim() - 1, inverseOrder);
        using var rows = permuted.reshape(y.numel() / Size, Size);
        using var half = linalg.solve_triangular(lt, rows, upper: true, left: false, unitriangular: true);
        using var solved = linalg.solve_triangular(ut, half, upper: false, left: false);
        return solved.reshape(y.shape);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDetAlong(-1, x, eventRank));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Negate(LogDetAlong(-1, y, eventRank)));

    private Tensor Lower()
    {
        using var strict = factors.tril(-1);
        using var unit = eye(Size, dtype: factors.dtype, device: factors.device);
        return strict + unit;
    }

    private Tensor Upper()
    {
        using var strict = factors.triu(1);
        using var s = factors.diagonal();
        using var magnitudes = s.exp();
        using var diagonal = sign * magnitudes;
        using var matrix = diag(diagonal);
        return strict + matrix;
    }
}
