using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The entries along a dimension in the opposite order: <c>y_i = x_(D-1-i)</c>; its own inverse.</summary>
[GeneratedBijector]
public sealed partial class Reverse : Bijector, IRearrangement
{
    private readonly int _dim;

    /// <summary>Reverses a dimension.</summary>
    /// <param name="dim">The dimension, counted from the end.</param>
    /// <exception cref="ArgumentException">The dimension is not counted from the end.</exception>
    public Reverse(int dim = -1)
    {
        Dimensions.CheckFromEnd(nameof(Reverse), dim);
        _dim = dim;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => -_dim;

    Bijector IRearrangement.Undo => this;

    /// <summary>The type and the dimension.</summary>
    public override string ToString() => $"Reverse({_dim})";

    Bijector? IRearrangement.Then(Bijector next) => next is Reverse r && r._dim == _dim ? new Identity() : null;

    /// <inheritdoc/>
    public override int? AffineAxis => _dim;

    [Forward]
    private Tensor Map(Tensor x) => Parts.Flip(x, _dim);
}
