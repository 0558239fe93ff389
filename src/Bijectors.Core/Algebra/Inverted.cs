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
        Nesting.CheckAround(nameof(Inverted), inner);
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The bijector whose inverse this is.</summary>
    public Bijector Inner => inner;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => [Stage.Of(inner, isInverse: true)];

    /// <inheritdoc/>
    public override int EventRank => inner.OutputEventRank;

    /// <inheritdoc/>
    public override int OutputEventRank => inner.EventRank;

    /// <summary>The inverse as it was saved, whatever it is the inverse of, so that all names stay.</summary>
    internal static Inverted OfSaved(Bijector inner) => new(inner);

    /// <summary>The inverse of a bijector; the inverse of an inverse is the bijector itself.</summary>
    public static Bijector Of(Bijector f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return f switch
        {
            Inverted inverted => inverted.inner,
            _ when Layering.IsIdentity(f) => f,
            _ => new Inverted(f),
        };
    }

    /// <summary><c>~</c> and the inverted bijector.</summary>
    public override string ToString() => inner.IsSequence ? $"~({inner})" : $"~{inner}";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        Of(inner.Frozen(inner.InputShape(input), dtype));

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => inner.Inverse(x, context);
}
