using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// All elements of an event in another fixed order: <c>y_i = x_order(i)</c> on the event read as a vector, row-major.
/// Whatever sequence of rearrangements it stands for, it is one lookup.
/// </summary>
[GeneratedBijector]
public sealed partial class ElementPermutation : Bijector, IRearrangement
{
    private readonly Tensor order;
    private readonly Tensor inverseOrder;
    private readonly Shape _shape;
    private readonly Shape _vector;

    /// <summary>Permutes the elements of an event.</summary>
    /// <param name="shape">The event shape.</param>
    /// <param name="order">A permutation of 0..size-1.</param>
    /// <exception cref="ArgumentException">It is no permutation of that many elements.</exception>
    public ElementPermutation(Shape shape, IReadOnlyList<long> order)
    {
        if (order.Count != shape.Size)
        {
            throw new ArgumentException(
                $"ElementPermutation: expected an order of the {shape.Size} elements of {shape}, got {order.Count}.",
                nameof(order));
        }

        _shape = shape;
        _vector = Shape.Vector(shape.Size);
        (this.order, inverseOrder) = Orders.Of(nameof(ElementPermutation), order);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _shape.Rank;

    Bijector IRearrangement.Undo => new ElementPermutation(_shape, Orders.Read(inverseOrder));

    /// <summary>What a rearrangement that keeps the shape does to the elements of one event.</summary>
    /// <param name="rearrangement">A bijector that only moves elements.</param>
    /// <param name="shape">The event shape.</param>
    /// <exception cref="ShapeException">It does not fit the shape.</exception>
    /// <exception cref="ArgumentException">It changes the shape or computes something.</exception>
    public static ElementPermutation Of(Bijector rearrangement, Shape shape)
    {
        using var scope = NewDisposeScope();
        using var places = arange(shape.Size, ScalarType.Float64).reshape(shape.ToArray());
        using var moved = rearrangement.Forward(places);
        return Shape.Of(moved.shape) == shape
            ? new(shape, Orders.Read(moved.flatten().to(ScalarType.Int64)))
            : throw new ArgumentException(
                $"ElementPermutation: expected a rearrangement that keeps {shape}, "
                + $"got {rearrangement} to {Shape.Of(moved.shape)}.");
    }

    /// <summary>A random permutation of all elements.</summary>
    /// <param name="shape">The event shape.</param>
    /// <param name="generator">What it is drawn from.</param>
    public static ElementPermutation Random(Shape shape, Generator generator) =>
        new(shape, Orders.Random(shape.Size, generator));

    /// <summary>The type and the shape.</summary>
    public override string ToString() => $"ElementPermutation{_shape}";

    Bijector? IRearrangement.Then(Bijector next) => next is ElementPermutation p && p._shape == _shape
        ? new ElementPermutation(_shape, Orders.Merge(order, p.order))
        : null;

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new ElementPermutation(_shape, Orders.Read(order));

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = Parts.Reshape(x, _shape, _vector);
        x = Parts.Permute(x, order, inverseOrder);
        return Parts.Reshape(x, _vector, _shape);
    }
}
