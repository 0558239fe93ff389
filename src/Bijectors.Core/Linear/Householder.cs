using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A trained rotation, or rotation and reflection, as a product of reflections: <c>y = x H_1 ... H_K</c> for rows x,
/// <c>H_k = I - 2 v_k v_k' / v_k'v_k</c>; preserves volume and length.
/// </summary>
/// <remarks>
/// D reflections reach every orthogonal matrix up to one sign. The product is <c>I - V S^-1 V'</c> with the vectors for
/// columns of V and the upper triangle S of <c>V'V</c>, its diagonal halved: two matrix products and a substitution in
/// place of K steps. Source: Tomczak, Welling 2016, Improving variational auto-encoders using Householder flow, arXiv
/// 1611.09630; the triangular form after Walker 1988, Implementation of the GMRES method using Householder
/// transformations, SIAM Journal on Scientific and Statistical Computing 9 (1), and Joffrain et al. 2006, Accumulating
/// Householder transformations, revisited, ACM Transactions on Mathematical Software 32 (2).
/// </remarks>
[GeneratedBijector]
public sealed partial class Householder : Bijector
{
    private readonly Tensor vectors;

    /// <summary>A product of reflections.</summary>
    /// <param name="size">The number D of entries.</param>
    /// <param name="reflections">The number K of reflections, at most D.</param>
    /// <param name="generator">What their vectors are drawn from.</param>
    /// <exception cref="ArgumentException">There are no reflections, or more than entries.</exception>
    public Householder(long size, int reflections, Generator generator)
    {
        Numbers.CheckCount(nameof(Householder), "a size", size, least: 1);
        if (reflections < 1 || reflections > size)
        {
            throw new ArgumentException(
                $"Householder: expected 1 to {size} reflections, got {reflections}.", nameof(reflections));
        }

        MemoryLimit.Take(size, reflections);
        (Size, Reflections) = (size, reflections);
        vectors = Initial.Parameter(randn([size, reflections], ScalarType.Float32, generator: generator));
        RegisterComponents();
    }

    private Householder(Householder source)
    {
        (Size, Reflections, vectors) = (source.Size, source.Reflections, Initial.Snapshot(source.vectors));
        RegisterComponents();
    }

    /// <summary>The number D of entries.</summary>
    public long Size { get; }

    /// <summary>The number K of reflections.</summary>
    public int Reflections { get; }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override int? AffineAxis => -1;

    /// <summary>The type, the number of entries and the number of reflections.</summary>
    public override string ToString() => $"Householder({Size}, {Reflections})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input == Shape.Vector(Size)
        ? input
        : throw new ShapeException(ToString(), $"expected last dimension {Size}", $"got {input[-1]}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new Householder(this);

    [Forward]
    private Tensor Map(Tensor x) => matmul(x, Product());

    /// <summary><c>H_1 ... H_K</c>, <c>(D, D)</c>.</summary>
    [Orthogonal]
    private Tensor Product()
    {
        using var scope = NewDisposeScope();

        // Of length 1, so that S is well scaled.
        var units = vectors / vectors.square().sum(0, keepdim: true).sqrt();
        var gram = units.mT.mm(units);
        var small = gram.triu(1) + (eye(Reflections, dtype: units.dtype, device: units.device) / 2);
        var rows = linalg.solve_triangular(small, units.mT, upper: true);
        return (-units.mm(rows) + eye(Size, dtype: units.dtype, device: units.device)).MoveToOuterDisposeScope();
    }
}
