using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>A pass of the vectors along one axis, each a point of its own.</summary>
internal sealed class AlongPass : Pass
{
    private readonly Pass _inner;
    private readonly int _axis;
    private readonly long[] _moved;

    public AlongPass(Trial trial, Way way, Along along, Tensor x, Tensor? context)
    {
        _axis = along.Axis;
        var moved = x.movedim([_axis], [-1]);
        _moved = moved.shape;
        var size = _moved[^1];
        var places = moved.numel() / x.shape[0] / size;
        var each = context?.unsqueeze(1).expand([x.shape[0], places, context.shape[^1]]).flatten(0, 1);
        _inner = Of(trial, way.Inside(along.Inner, Shape.Vector(size)), moved.reshape(-1, size), each);
        Y = Return(_inner.Y);
    }

    public override Tensor Y { get; }

    public override Tensor There(Tensor error) => Return(_inner.There(Vectors(error)));

    public override Tensor Back(Tensor error) => Return(_inner.Back(Vectors(error)));

    public override Tensor OfLogDet(Tensor error) => _inner.OfLogDet(Vectors(error)).reshape(error.shape[0], -1).sum(-1);

    private Tensor Vectors(Tensor x) => x.movedim([_axis], [-1]).reshape(-1, _moved[^1]);

    private Tensor Return(Tensor vectors) => vectors.reshape(_moved).movedim([-1], [_axis]);
}
