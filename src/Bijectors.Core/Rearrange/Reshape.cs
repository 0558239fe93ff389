using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The same elements, row-major, read as another shape.</summary>
[GeneratedBijector]
public sealed partial class Reshape : Bijector, IRearrangement
{
    private readonly Shape _input;
    private readonly Shape _output;

    /// <summary>Reads a shape as another.</summary>
    /// <param name="input">The event shape that comes in.</param>
    /// <param name="output">The event shape that goes out, of the same size.</param>
    /// <exception cref="ShapeException">The sizes differ.</exception>
    public Reshape(Shape input, Shape output)
    {
        if (input.Size != output.Size)
        {
            throw new ShapeException(
                nameof(Reshape), $"expected the {input.Size} elements of {input}", $"got {output} with {output.Size}");
        }

        _input = input;
        _output = output;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _input.Rank;

    /// <inheritdoc/>
    public override int OutputEventRank => _output.Rank;

    Bijector IRearrangement.Undo => new Reshape(_output, _input);

    /// <summary>The type and the two shapes.</summary>
    public override string ToString() => $"Reshape({_input} to {_output})";

    Bijector? IRearrangement.Then(Bijector next) => next is Reshape r && r._input == _output
        ? r._output == _input ? new Identity() : new Reshape(_input, r._output)
        : null;

    [Forward]
    private Tensor Map(Tensor x) => Parts.Reshape(x, _input, _output);
}
