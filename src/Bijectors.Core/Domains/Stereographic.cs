using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The plane wrapped around the sphere, all but one point of it: <c>y = (2 x, |x|^2 - 1) / (|x|^2 + 1)</c>,
/// <c>(n - 1) -> (n)</c>, Real to <see cref="Domain.Sphere"/>; <c>log|dy/dx| = (n - 1) log(2 / (|x|^2 + 1))</c> in the
/// measure of the surface. The pole <c>(0, ..., 0, 1)</c> is where infinity goes.
/// </summary>
// By hand: the language has no maps that change the number of entries.
public sealed class Stereographic : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Domain Codomain => Domain.Sphere;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => Shape.Vector(input[-1] + 1);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => output[-1] > 1
        ? Shape.Vector(output[-1] - 1)
        : throw new ShapeException(nameof(Stereographic), "expected vectors of two entries or more", $"got {output}");

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var square = x.square().sum([-1L], keepdim: true);
        return (cat([2 * x, square - 1], -1) / (square + 1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDet(x, x, eventRank));

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var count = y.size(-1) - 1;
        var (flat, height) = (y.narrow(-1, 0, count), y.narrow(-1, count, 1));

        // 1 - height loses digits beside the pole, where it is what the other entries say. The height is clipped: at
        // the other pole this branch is not taken, and 0 / 0 in it would make the gradient NaN.
        var below = 1 - height;
        var beside = flat.square().sum([-1L], keepdim: true) / (1 + height.clamp_min(0));
        return (flat / where(height > 0, beside, below)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        var x = InverseCore(y, context);
        return (x, LogDets.Negate(LogDet(x, y, eventRank)));
    }

    private static Tensor LogDet(Tensor x, Tensor like, int eventRank)
    {
        using var scope = NewDisposeScope();
        var each = (Math.Log(2) - x.square().sum([-1L]).log1p()) * x.size(-1);
        return LogDets.Sum(each, like, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }
}
