using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Bends across M orthogonal directions at once: <c>y = x + Q R1 tanh(R2 Q'x + b)</c> with orthonormal columns of Q and
/// upper triangular R1 and R2; <c>log|dy/dx| = sum over i of log(1 + tanh'(s_i) (R1 R2)_ii)</c>,
/// <c>s = R2 Q'x + b</c>.
/// </summary>
/// <remarks>
/// Q comes from a QR decomposition of a trained matrix. The diagonal of R2 lies between 0 and 2, that of R1 above
/// -0.499: then every factor of the determinant is positive, which the compiler proves. Starts as the identity, R1 = 0.
/// The inverse solves M monotone equations one after another, whatever D is. With a network, the context moves b;
/// matrices of each point's own the language has not. Source: van den Berg, Hasenclever, Tomczak, Welling 2018,
/// Sylvester normalizing flows for variational inference, arXiv 1803.05649, eq. 13 and theorem 2.
/// </remarks>
[GeneratedBijector]
public sealed partial class Sylvester : Bijector
{
    // Its softplus is 0.499: R1 = 0 for raw zeros.
    private const double Still = -0.4352955851687625;

    private readonly Tensor frame;
    private readonly Tensor outer;
    private readonly Tensor inner;
    private readonly Tensor outerDiagonal;
    private readonly Tensor innerDiagonal;
    private readonly Tensor shift;
    private readonly Conditioner? net;

    /// <summary>A map of Sylvester's.</summary>
    /// <param name="size">The number D of entries.</param>
    /// <param name="columns">The number M of directions, at most D.</param>
    /// <param name="generator">What the directions and R2 are drawn from.</param>
    /// <param name="net">Reads the context, as a <see cref="ResidualMlp"/> without inputs, and gives M numbers that are
    /// added to b; null for none.</param>
    /// <exception cref="ArgumentException">There are no directions or more than D, or the network takes no
    /// context.</exception>
    /// <exception cref="ShapeException">The network gives another number of parameters.</exception>
    public Sylvester(long size, long columns, Generator generator, Conditioner? net = null)
    {
        Numbers.CheckCount(nameof(Sylvester), "a size", size, least: 1);
        if (columns < 1 || columns > size)
        {
            throw new ArgumentException(
                $"Sylvester: expected 1 to {size} columns, got {columns}.", nameof(columns));
        }

        ContextParameters.Check(nameof(Sylvester), net, columns);
        (Size, Columns, this.net) = (size, columns, net);
        frame = Initial.Uniform(1, generator, size, columns);
        outer = Initial.Constant(0, columns, columns);
        inner = Initial.Uniform(1 / Math.Sqrt(columns), generator, columns, columns);
        outerDiagonal = Initial.Constant(0, columns);
        innerDiagonal = Initial.Constant(0, columns);
        shift = Initial.Uniform(1, generator, columns);
        RegisterComponents();
    }

    private Sylvester(Sylvester source)
    {
        (Size, Columns, net) = (source.Size, source.Columns, source.net?.Frozen());
        (frame, outer, inner) =
            (Initial.Snapshot(source.frame), Initial.Snapshot(source.outer), Initial.Snapshot(source.inner));
        (outerDiagonal, innerDiagonal) =
            (Initial.Snapshot(source.outerDiagonal), Initial.Snapshot(source.innerDiagonal));
        shift = Initial.Snapshot(source.shift);
        RegisterComponents();
    }

    /// <summary>The number D of entries.</summary>
    public long Size { get; }

    /// <summary>The number M of directions.</summary>
    public long Columns { get; }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override bool ReadsContext => net is not null;

    /// <summary>The type, the number of entries and the number of directions.</summary>
    public override string ToString() => $"Sylvester({Size}, {Columns})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => ContextParameters.CheckSize(this, input, Size);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new Sylvester(this);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (q, _) = linalg.qr(frame);
        var r1 = triu(outer, 1) + diag_embed(nn.functional.softplus(outerDiagonal + Still) - 0.499);
        var r2 = triu(inner, 1) + diag_embed(2 * sigmoid(innerDiagonal));
        var b = ContextParameters.Of(shift, net, x.shape, EventRank, context);
        return x + matmul(tanh(matmul(x, matmul(q, r2.mT)) + b), matmul(r1.mT, q.mT));
    }
}
