using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The gate of inverse autoregressive flows: <c>y = g x + (1 - g) m</c> with <c>g = sigmoid(s + offset)</c>,
/// <c>log|dy/dx| = log sigmoid(s + offset)</c>; parameters s and m.
/// </summary>
/// <remarks>Source: Kingma et al. 2016, Improving variational inference with inverse autoregressive flow, arXiv
/// 1606.04934, eq. 14 and algorithm 1.</remarks>
[GeneratedBijector]
public sealed partial class Gate : Transformer
{
    private readonly double _offset;

    /// <summary>Gates.</summary>
    /// <param name="offset">How far the gate is open for a raw zero; by 0.88 at 2.</param>
    /// <exception cref="ArgumentException">The offset is not finite.</exception>
    public Gate(double offset = 2)
    {
        Numbers.CheckFinite(nameof(Gate), offset);
        _offset = offset;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [1, 1];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Scalars(context, x.dim());
        var s = parameters[0] + _offset;
        return (x * sigmoid(s)) + (sigmoid(-s) * parameters[1]);
    }
}
