using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>Frozen copies.</content>
public abstract partial class Bijector
{
    /// <summary>
    /// The same map made of constants, for <see cref="Flow.Frozen"/>: a copy that later training does not reach,
    /// without parameters, in which neighbouring affine maps with a constant Jacobian are one.
    /// </summary>
    /// <param name="input">The event shape that goes in, of at least <see cref="EventRank"/> dimensions.</param>
    /// <param name="dtype">The dtype of the constants that are computed; those that are copied keep theirs.</param>
    /// <returns>A new bijector; this one where it holds nothing that could change.</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">A layer holds parameters or buffers and does not override
    /// <see cref="FrozenCore"/>, or a constant is not finite.</exception>
    public Bijector Frozen(Shape input, ScalarType dtype) => Freezing.Merge(FrozenCore(input, dtype), input, dtype);

    /// <summary>
    /// A copy made of constants, for <see cref="Frozen"/>. A bijector of one's own that holds parameters or buffers
    /// overrides it, in one line: <c>new Mine(net.Frozen(), inner.Frozen(input, dtype))</c>. One whose
    /// <see cref="Stages"/> all take the whole point need not: its copy is the chain of their copies.
    /// </summary>
    /// <param name="input">The event shape that goes in.</param>
    /// <param name="dtype">As in <see cref="Frozen"/>.</param>
    protected internal virtual Bijector FrozenCore(Shape input, ScalarType dtype) =>
        HoldsNothing(this)
            ? this
            : Freezing.OfStages(this, input, dtype) ?? Stateless(this, nameof(FrozenCore));
}
