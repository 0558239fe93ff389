using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The same elements, row-major, read as another shape.</summary>
[GeneratedBijector]
public sealed partial class Reshape : Bijector, IRearrangement
{
    private readonly Shape _source;
    private readonly Shape _target;

    /// <summary>Reads a shape as another.</summary>
    /// <param name="from">The event shape that comes in.</param>
    /// <param name="to">The event shape that goes out, of the same size.</param>
    /// <exception cref="ShapeException">The sizes differ.</exception>
    public Reshape(Shape from, Shape to)
    {
        if (from.Size != to.Size)
        {
            throw new ShapeException(nameof(Reshape), $"expected the {from.Size} elements of {from}", $"got {to} with {to.Size}");
        }

        _source = from;
        _target = to;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _source.Rank;

    /// <inheritdoc/>
    public override int OutputEventRank => _target.Rank;

    Bijector IRearrangement.Undo => new Reshape(_target, _source);

    /// <summary>The type and the two shapes.</summary>
    public override string ToString() => $"Reshape({_source} to {_target})";

    Bijector? IRearrangement.Then(Bijector next) => next is Reshape r && r._source == _target
        ? r._target == _source ? new Identity() : new Reshape(_source, r._target)
        : null;

    [Forward]
    private Tensor Map(Tensor x) => Parts.Reshape(x, _source, _target);
}
