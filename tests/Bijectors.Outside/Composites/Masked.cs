using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>
/// An elementwise bijector where a mask is true, the identity elsewhere: <c>y = f(x)</c> or <c>x</c>,
/// <c>log|dy/dx| = sum over the mask of log|df|</c>. No view takes out what the mask covers, so it is a formula.
/// </summary>
public sealed class Masked : Bijector
{
    private readonly Bijector inner;
    private readonly Tensor mask;

    public Masked(Bijector inner, IReadOnlyList<bool> mask)
        : this(inner, Initial.Buffer(tensor(mask.ToArray())))
    {
        if (inner.EventRank != 0 || !inner.Domain.Equals(Domain.Real) || !inner.Codomain.Equals(Domain.Real))
        {
            throw new ArgumentException($"Masked: expected an elementwise bijector of all reals, got {inner}.");
        }
    }

    private Masked(Bijector inner, Tensor mask)
    {
        Nesting.CheckAround(nameof(Masked), inner);
        this.inner = inner;
        this.mask = mask;
        RegisterComponents();
    }

    public override int EventRank => 1;

    public override IReadOnlyList<Stage> Stages => [Stage.Formula(inner)];

    protected override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new Masked(inner.Frozen(input, dtype), Initial.Snapshot(mask));

    protected override Shape OutputShapeCore(Shape input) => input == Shape.Of(mask.shape)
        ? input
        : throw new ShapeException(ToString(), $"expected {Shape.Of(mask.shape)}", $"got {input}");

    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var mapped = Nested.Forward(inner, x, context);
        return where(mask, mapped, x);
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var mapped = Nested.Inverse(inner, y, context);
        return where(mask, mapped, y);
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank) =>
        Where(x, Nested.ForwardWithLogDet(inner, x, context, eventRank: 0), eventRank);

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank) =>
        Where(y, Nested.InverseWithLogDet(inner, y, context, eventRank: 0), eventRank);

    private (Tensor Point, Tensor LogDet) Where(Tensor point, (Tensor Point, Tensor Slopes) mapped, int eventRank)
    {
        using (mapped.Point)
        using (mapped.Slopes)
        using (var slopes = mapped.Slopes * mask)
        {
            return (where(mask, mapped.Point, point), LogDets.Sum(slopes, point, eventRank));
        }
    }
}
