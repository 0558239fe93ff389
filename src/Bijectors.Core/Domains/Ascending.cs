using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Vectors in ascending order from any vectors: <c>y_1 = x_1, y_i = y_(i-1) + exp(x_i)</c>, Real to
/// <see cref="Domain.Ordered"/>, <c>log|dy/dx| = x_2 + ... + x_D</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class Ascending : Bijector
{
    private readonly Partition _first = Partition.First(1);

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Domain Codomain => Domain.Ordered;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (first, steps) = _first.Split(x);
        steps = exp(steps);
        x = _first.Join(first, steps);
        return cumsum(x, -1);
    }
}
