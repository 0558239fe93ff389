using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Angles turned by a fixed one: <c>y = x + angle</c> modulo 2 pi, <see cref="Domain.Circle"/> to itself,
/// <c>log|dy/dx| = 0</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class Rotation : Bijector
{
    private readonly double _angle;

    /// <summary>A rotation.</summary>
    /// <param name="angle">By how much, in radians.</param>
    /// <exception cref="ArgumentException">The angle is not finite.</exception>
    public Rotation(double angle)
    {
        Numbers.CheckFinite(nameof(Rotation), angle);
        _angle = angle;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <inheritdoc/>
    public override Domain Domain => Domain.Circle;

    /// <inheritdoc/>
    public override Domain Codomain => Domain.Circle;

    /// <summary>The type and the angle.</summary>
    public override string ToString() => FormattableString.Invariant($"Rotation({_angle:G6})");

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = x + Math.PI;
        x = remainder(x + _angle, 2 * Math.PI);
        return x - Math.PI;
    }
}
