namespace Bijectors.Cli;

/// <summary>A layer that only moves elements: <c>log|det| = 0</c>.</summary>
internal sealed class EagerRearrangement(Func<Tensor, Tensor> map, Func<Tensor, Tensor> undo) : EagerLayer
{
    /// <summary>The features in the opposite order.</summary>
    public static EagerRearrangement Reversal { get; } = new(x => x.flip(-1), y => y.flip(-1));

    /// <summary>The entries along a dimension in the order that a layer holds.</summary>
    /// <param name="state">The layer.</param>
    /// <param name="dim">The dimension.</param>
    public static EagerRearrangement Permutation(EagerState state, long dim) =>
        new(x => x.index_select(dim, state["order"]), y => y.index_select(dim, state["inverseOrder"]));

    /// <summary>The tokens of <c>(N, tokens, channels)</c> in the opposite order.</summary>
    public static EagerRearrangement TokenReversal { get; } = new(x => x.flip(1), y => y.flip(1));

    /// <summary>Space to depth, <c>(c, h, w) -> (c f f, h/f, w/f)</c>.</summary>
    public static EagerRearrangement Squeeze(long factor) =>
        new(x => nn.functional.pixel_unshuffle(x, factor), y => nn.functional.pixel_shuffle(y, factor));

    /// <summary>An image as its patches, <c>(c, h, w) -> ((h/p)(w/p), c p p)</c>.</summary>
    /// <param name="patch">p</param>
    /// <param name="image">(c, h, w)</param>
    public static EagerRearrangement Patches(long patch, Shape image) => new(
        x => nn.functional.pixel_unshuffle(x, patch).flatten(2).transpose(1, 2).contiguous(),
        y => nn.functional.pixel_shuffle(y.transpose(1, 2).unflatten(2, [image[1] / patch, image[2] / patch]), patch));

    /// <summary>The layer that moves them back.</summary>
    public EagerRearrangement Undone => new(undo, map);

    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => (map(x), zeros([], x.dtype));

    public override Tensor Inverse(Tensor y) => undo(y);
}
