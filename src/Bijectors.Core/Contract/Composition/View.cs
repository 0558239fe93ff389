using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// How a composite takes a point apart into what the bijectors inside it see, and puts it together again:
/// <c>Together(Apart(x)) = x</c>. Nothing is computed, elements only change place. One view serves tensors, shapes and
/// domains.
/// </summary>
/// <remarks>
/// A part may have more dimensions than the event that its bijector sees: those are places that share the bijector, as
/// the columns of a matrix share one along its rows.
/// </remarks>
public abstract partial class View
{
    /// <summary>The whole point, as it is.</summary>
    public static View Whole { get; } = new WholeView();

    /// <summary>The event shapes that the bijectors of the parts see.</summary>
    /// <exception cref="ShapeException">The shape cannot be taken apart this way.</exception>
    public abstract IReadOnlyList<Shape> Apart(Shape whole);

    /// <summary>The shape of the whole, made of parts.</summary>
    /// <param name="whole">The shape that was taken apart.</param>
    /// <param name="parts">The event shapes that the bijectors of the parts give.</param>
    /// <exception cref="ShapeException">The parts do not fit together.</exception>
    public abstract Shape Together(Shape whole, IReadOnlyList<Shape> parts);

    /// <summary>
    /// Takes points <c>(batch..., event...)</c> apart; each part is <c>(batch..., places..., part...)</c>, fresh.
    /// </summary>
    public abstract IReadOnlyList<Tensor> Apart(Tensor whole);

    /// <summary>Puts points together; the result is fresh.</summary>
    public abstract Tensor Together(IReadOnlyList<Tensor> parts);

    /// <summary>The domains of the parts where the whole lies in a domain; null where they cannot be named.</summary>
    public virtual IReadOnlyList<Domain>? Apart(Domain whole) => null;

    /// <summary>The domain of the whole where the parts lie in domains; null where it cannot be named.</summary>
    public virtual Domain? Together(IReadOnlyList<Domain> parts) => null;

    /// <summary>
    /// The <see cref="Bijector.AffineAxis"/> of the whole where its one part is mapped by a bijector with one; null
    /// where it has none.
    /// </summary>
    /// <param name="axis">That of the part's bijector.</param>
    public virtual int? AffineAxis(int axis) => null;
}
