using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>An event of any shape as a vector, row-major.</summary>
[GeneratedBijector]
public sealed partial class Flatten : Bijector, IRearrangement
{
    private readonly Shape _input;
    private readonly Shape _vector;

    /// <summary>Flattens a shape.</summary>
    /// <param name="input">The event shape that comes in.</param>
    public Flatten(Shape input)
    {
        _input = input;
        _vector = Shape.Vector(input.Size);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _input.Rank;

    /// <inheritdoc/>
    public override int OutputEventRank => 1;

    /// <summary>The type and the shape that comes in.</summary>
    public override string ToString() => $"Flatten{_input}";

    [Forward]
    private Tensor Map(Tensor x) => Parts.Reshape(x, _input, _vector);
}
