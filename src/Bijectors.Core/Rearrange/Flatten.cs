using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>An event of any shape as a vector, row-major.</summary>
[GeneratedBijector]
public sealed partial class Flatten : Bijector, IRearrangement
{
    private readonly Shape _source;
    private readonly Shape _vector;

    /// <summary>Flattens a shape.</summary>
    /// <param name="from">The event shape that comes in.</param>
    public Flatten(Shape from)
    {
        _source = from;
        _vector = Shape.Vector(from.Size);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _source.Rank;

    /// <inheritdoc/>
    public override int OutputEventRank => 1;

    /// <summary>The type and the shape that comes in.</summary>
    public override string ToString() => $"Flatten{_source}";

    [Forward]
    private Tensor Map(Tensor x) => Parts.Reshape(x, _source, _vector);
}
