namespace Bijectors.Cli;

/// <summary>
/// A layer of vectors on every row of tables <c>(N, rows, columns)</c>, or on every column: they are the items of a
/// larger batch.
/// </summary>
internal sealed class EagerShared(EagerLayer layer, bool ofColumns) : EagerLayer
{
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var table = Turned(x);
        var (y, logDet) = layer.Forward(table.flatten(0, 1));
        return (Turned(y.view(table.shape)), Sum(logDet.view(x.size(0), -1)));
    }

    public override Tensor Inverse(Tensor y)
    {
        var table = Turned(y);
        return Turned(layer.Inverse(table.flatten(0, 1)).view(table.shape));
    }

    private Tensor Turned(Tensor table) => ofColumns ? table.transpose(1, 2).contiguous() : table;
}
