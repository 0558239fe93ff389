using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>Passes of two parts of a point, side by side; one of them may pass unchanged.</summary>
internal sealed class PartsPass : Pass
{
    private readonly Partition _partition;
    private readonly Pass _first;
    private readonly Pass? _second;

    public PartsPass(Trial trial, Way way, Partition partition, Bijector first, Bijector? second, Tensor x, Tensor? context)
    {
        _partition = partition;
        var (a, b) = partition.Split(x);
        _first = Of(trial, Inside(way, first, a), a, context);
        _second = second is null ? null : Of(trial, Inside(way, second, b), b, context);
        Y = partition.Join(_first.Y, _second?.Y ?? b);
    }

    public override Tensor Y { get; }

    public override Tensor There(Tensor error) => Joined(error, (pass, part) => pass.There(part));

    public override Tensor Back(Tensor error) => Joined(error, (pass, part) => pass.Back(part));

    public override Tensor OfLogDet(Tensor error)
    {
        var (a, b) = _partition.Split(error);
        return _second is null ? _first.OfLogDet(a) : _first.OfLogDet(a) + _second.OfLogDet(b);
    }

    /// <summary>What is asked of each part, joined again; a part that passes unchanged keeps its error.</summary>
    private Tensor Joined(Tensor error, Func<Pass, Tensor, Tensor> of)
    {
        var (a, b) = _partition.Split(error);
        return _partition.Join(of(_first, a), _second is null ? b : of(_second, b));
    }

    private static Way Inside(Way way, Bijector f, Tensor part) => way.Inside(f, Shape.Of(part.shape.AsSpan()[1..]));
}
