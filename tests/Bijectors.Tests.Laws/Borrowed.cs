using System.Reflection;
using static TorchSharp.torch;
using static TorchSharp.torch.distributions.transforms;

namespace Bijectors.Tests.Laws;

/// <summary>A transform of <c>torch.distributions</c> as a bijector. Its log-det is not public.</summary>
internal sealed class Borrowed(Transform transform, int eventRank = 0) : Bijector
{
    public override int EventRank => eventRank;

    public Domain From { get; init; } = Domain.Real;

    public Domain Onto { get; init; } = Domain.Real;

    /// <summary>The shape that comes out, where it is another one.</summary>
    public Shape? Becomes { get; init; }

    public override int OutputEventRank => Becomes?.Rank ?? EventRank;

    public override Domain Domain => From;

    public override Domain Codomain => Onto;

    public override string ToString() => transform.GetType().Name;

    protected override Shape OutputShapeCore(Shape input) => Becomes ?? input;

    protected override Shape InputShapeCore(Shape output) => Becomes is null ? output : Shape.Vector(output.Size);

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => Call("_call", x);

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => Call("_inverse", y);

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        var y = ForwardCore(x, context);
        return scope.MoveToOuter(y, Total(Call("log_abs_det_jacobian", x, y), x, eventRank));
    }

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        var x = InverseCore(y, context);
        return scope.MoveToOuter(x, Total(-Call("log_abs_det_jacobian", x, y), y, eventRank));
    }

    private Tensor Total(Tensor logDet, Tensor like, int rank) =>
        EventRank == 0 ? LogDets.Sum(logDet, like, rank) : logDet;

    private Tensor Call(string method, params Tensor[] arguments)
    {
        using var scope = NewDisposeScope();
        var found = transform.GetType()
            .GetMethod(method, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        var result = (Tensor)found.Invoke(transform, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        return result.alias().MoveToOuterDisposeScope();
    }
}
