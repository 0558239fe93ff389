using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Space to depth: <c>(c, h, w) -> (c f f, h/f, w/f)</c>; channel <c>k f f + i f + j</c> holds row offset i and column
/// offset j of channel k.
/// </summary>
/// <remarks>Source: Dinh, Sohl-Dickstein, Bengio 2017, Real NVP, arXiv 1605.08803, section 3.6.</remarks>
[GeneratedBijector]
public sealed partial class Squeeze : Bijector, IRearrangement
{
    private readonly long _factor;

    /// <summary>Squeezes an image.</summary>
    /// <param name="factor">Size of the squares that become channels.</param>
    /// <exception cref="ArgumentException">The factor is not positive.</exception>
    public Squeeze(long factor = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        _factor = factor;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 3;

    /// <summary>The type and the factor.</summary>
    public override string ToString() => $"Squeeze({_factor})";

    [Forward]
    private Tensor Map(Tensor x) => Parts.SpaceToDepth(x, _factor);
}
