using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The entries along a dimension shifted cyclically: <c>y_(i + shift mod D) = x_i</c>.</summary>
[GeneratedBijector]
public sealed partial class Roll : Bijector, IRearrangement
{
    private readonly long _shift;
    private readonly int _dim;

    /// <summary>Rolls a dimension.</summary>
    /// <param name="shift">By how many places, of either sign.</param>
    /// <param name="dim">The dimension, counted from the end.</param>
    /// <exception cref="ArgumentException">The dimension is not counted from the end.</exception>
    public Roll(long shift, int dim = -1)
    {
        Dimensions.CheckFromEnd(nameof(Roll), dim);
        _shift = shift;
        _dim = dim;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => -_dim;

    Bijector IRearrangement.Undo => new Roll(-_shift, _dim);

    /// <summary>The type, the shift and the dimension.</summary>
    public override string ToString() => $"Roll({_shift}, {_dim})";

    Bijector? IRearrangement.Then(Bijector next) => next is Roll r && r._dim == _dim
        ? _shift + r._shift == 0 ? new Identity() : new Roll(_shift + r._shift, _dim)
        : null;

    /// <inheritdoc/>
    public override int? AffineAxis => _dim;

    [Forward]
    private Tensor Map(Tensor x) => Parts.Roll(x, _shift, _dim);
}
