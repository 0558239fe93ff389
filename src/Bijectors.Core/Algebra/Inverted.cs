using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The inverse of a bijector as a bijector: its forward direction is the other's inverse. Written
/// <c>~f</c>.</summary>
public sealed class Inverted : Bijector
{
    // Named for the checkpoint.
    private readonly Bijector inner;

    private Inverted(Bijector inner)
    {
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The bijector whose inverse this is.</summary>
    public Bijector Inner => inner;

    /// <inheritdoc/>
    public override int EventRank => inner.OutputEventRank;

    /// <inheritdoc/>
    public override int OutputEventRank => inner.EventRank;

    /// <inheritdoc/>
    public override Domain Domain => inner.Codomain;

    /// <inheritdoc/>
    public override Domain Codomain => inner.Domain;

    /// <inheritdoc/>
    public override bool IsVolumePreserving => inner.IsVolumePreserving;

    /// <inheritdoc/>
    public override bool HasConstantJacobian => inner.HasConstantJacobian;

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
    public override string ToString() => $"~{inner}";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => inner.InputShape(input);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => inner.OutputShape(output);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => Nested.Inverse(inner, x, context);

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => Nested.Forward(inner, y, context);

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank) =>
        Nested.InverseWithLogDet(inner, x, context, eventRank);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank) =>
        Nested.ForwardWithLogDet(inner, y, context, eventRank);
}
