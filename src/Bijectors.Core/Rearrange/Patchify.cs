using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An image as its patches: <c>(c, h, w) -> (N, c p p)</c> with <c>N = (h/p)(w/p)</c> patches, row by row; feature
/// <c>k p p + i p + j</c> of a patch is row i and column j of channel k.
/// </summary>
/// <remarks>Source: MixerFlow, arXiv 2310.16777.</remarks>
[GeneratedBijector]
public sealed partial class Patchify : Bijector, IRearrangement
{
    private readonly Shape _image;
    private readonly long _patch;
    private readonly Shape _grid;
    private readonly Shape _table;

    /// <summary>Cuts images of one shape into patches.</summary>
    /// <param name="image">The event shape that comes in, (channels, height, width).</param>
    /// <param name="patch">Height and width p of a patch.</param>
    /// <exception cref="ShapeException">It is no image, or p does not divide its height and width.</exception>
    /// <exception cref="ArgumentException">The patch size is not positive.</exception>
    public Patchify(Shape image, long patch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patch);
        if (image.Rank != 3 || image[1] % patch != 0 || image[2] % patch != 0)
        {
            throw new ShapeException(
                $"Patchify({patch})",
                $"expected an image (channels, height, width) with height and width divisible by {patch}",
                $"got {image}");
        }

        _image = image;
        _patch = patch;
        _grid = Shape.Image(image[0] * patch * patch, image[1] / patch, image[2] / patch);
        _table = Shape.Of(_grid[0], _grid[1] * _grid[2]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 3;

    /// <inheritdoc/>
    public override int OutputEventRank => 2;

    /// <summary>The type and the patch size.</summary>
    public override string ToString() => $"Patchify({_patch})";

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = Parts.SpaceToDepth(x, _patch);
        x = Parts.Reshape(x, _grid, _table);
        return Parts.Transpose(x, -1, -2);
    }
}
