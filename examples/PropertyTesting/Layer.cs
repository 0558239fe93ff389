using Bijectors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>
/// <c>y = x exp(a) + b</c> with trained vectors a and b, written by hand: four maps. The broken layers replace one
/// piece each. (The compiler would derive three of the four maps from the first and make none of these mistakes; this
/// is what a layer looks like that it cannot derive.)
/// </summary>
public class GoodLayer : Bijector
{
    protected readonly Parameter a;
    protected readonly Parameter b;
    private readonly long _size;

    public GoodLayer(long size)
    {
        (a, b) =
            (new Parameter(zeros(size).DetachFromDisposeScope()), new Parameter(zeros(size).DetachFromDisposeScope()));
        _size = size;
        RegisterComponents();
    }

    public override int EventRank => 1;

    protected override Shape OutputShapeCore(Shape input) =>
        input[-1] == _size
            ? input
            : throw new ShapeException(ToString(), $"expected events of {_size} entries", $"got {input}");

    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    protected virtual Tensor Map(Tensor x) => x * a.exp() + b;

    protected virtual Tensor Undo(Tensor y) => (y - b) * (-a).exp();

    /// <summary>The log-slope of each entry.</summary>
    protected virtual Tensor LogSlope(Tensor x) => a.alias();

    protected virtual Tensor UndoLogSlope(Tensor y) => -LogSlope(Undo(y));

    protected virtual Tensor Total(Tensor logSlope, Tensor like, int eventRank) =>
        LogDets.Sum(logSlope, like, eventRank);

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Map(x));
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Undo(y));
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Map(x), Total(LogSlope(x), x, eventRank));
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Undo(y), Total(UndoLogSlope(y), y, eventRank));
    }
}
