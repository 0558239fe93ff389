using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The inverse of a bijector as a bijector: its forward direction is the other's inverse. Written
/// <c>~f</c>.</summary>
[GeneratedBijector]
public sealed partial class Inverted : Bijector
{
    // Named for the checkpoint.
    private readonly Bijector inner;

    private Inverted(Bijector inner)
    {
        Depth = Nesting.Around(nameof(Inverted), inner);
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The bijector whose inverse this is.</summary>
    public Bijector Inner => inner;

    /// <inheritdoc/>
    internal override int Depth { get; }

    /// <inheritdoc/>
    public override int EventRank => inner.OutputEventRank;

    /// <inheritdoc/>
    public override int OutputEventRank => inner.EventRank;

    /// <summary>The inverse of a bijector; the inverse of an inverse is the bijector itself.</summary>
    public static Bijector Of(Bijector f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return f switch
        {
            Inverted inverted => inverted.inner,
            Identity => f,
            _ => new Inverted(f),
        };
    }

    /// <summary><c>~</c> and the inverted bijector.</summary>
    public override string ToString() => inner is Chain ? $"~({inner})" : $"~{inner}";

    /// <inheritdoc/>
    internal override int? AffineAxis => inner.AffineAxis;

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => Of(inner.Frozen(inner.InputShape(input), dtype));

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => inner.Inverse(x, context);
}
