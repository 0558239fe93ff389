namespace Bijectors.Cli;

/// <summary>
/// Layers one after another, <c>y = f_n(... f_1(x))</c>; what a layer has computed in between is freed when it returns,
/// as the locals of a function in Python are.
/// </summary>
internal sealed class EagerChain(params IEnumerable<EagerLayer> layers) : EagerLayer
{
    private readonly EagerLayer[] _layers = [.. layers];

    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (y, logDet) = (x.alias(), zeros(x.size(0), x.dtype));
        foreach (var layer in _layers)
        {
            using var call = NewDisposeScope();
            using var previous = y;
            using var sum = logDet;
            var (next, term) = layer.Forward(previous);
            (y, logDet) = call.MoveToOuter(next, sum + term);
        }

        return scope.MoveToOuter(y, logDet);
    }

    public override Tensor Inverse(Tensor y)
    {
        using var scope = NewDisposeScope();
        var x = y.alias();
        foreach (var layer in _layers.Reverse())
        {
            using var call = NewDisposeScope();
            using var previous = x;
            x = layer.Inverse(previous).MoveToOuterDisposeScope();
        }

        return x.MoveToOuterDisposeScope();
    }
}
