using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The entries along a dimension in another fixed order: <c>y_i = x_order(i)</c>. The order is saved with the
/// model.</summary>
[GeneratedBijector]
public sealed partial class Permute : Bijector, IRearrangement
{
    private readonly Tensor order;
    private readonly Tensor inverseOrder;
    private readonly int _dim;

    /// <summary>Permutes a dimension.</summary>
    /// <param name="order">A permutation of 0..D-1.</param>
    /// <param name="dim">The dimension, counted from the end.</param>
    /// <exception cref="ArgumentException">It is no permutation, or the dimension is not counted from the
    /// end.</exception>
    public Permute(IReadOnlyList<long> order, int dim = -1)
    {
        Dimensions.CheckFromEnd(nameof(Permute), dim);
        _dim = dim;
        (this.order, inverseOrder) = Orders.Of(nameof(Permute), order);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => -_dim;

    Bijector IRearrangement.Undo => new Permute(Orders.Read(inverseOrder), _dim);

    /// <summary>A random permutation.</summary>
    /// <param name="size">The number D of entries.</param>
    /// <param name="generator">What it is drawn from.</param>
    /// <param name="dim">The dimension, counted from the end.</param>
    /// <exception cref="ArgumentException">The size is not positive, or the dimension is not counted from the
    /// end.</exception>
    public static Permute Random(long size, Generator generator, int dim = -1) =>
        new(Orders.Random(size, generator), dim);

    /// <summary>The type, the number of entries and the dimension.</summary>
    public override string ToString() => $"Permute({order.numel()} entries, {_dim})";

    Bijector? IRearrangement.Then(Bijector next) =>
        next is Permute p && p._dim == _dim && p.order.numel() == order.numel()
            ? new Permute(Orders.Merge(order, p.order), _dim)
            : null;

    /// <inheritdoc/>
    public override int? AffineAxis => _dim;

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new Permute(Orders.Read(order), _dim);

    [Forward]
    private Tensor Map(Tensor x) => Parts.Permute(x, order, inverseOrder, _dim);
}
