using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A shift: <c>y = x + t</c>, volume preserving; the parameter is t.</summary>
/// <remarks>Source: Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, eq. 8.</remarks>
[GeneratedBijector]
public sealed partial class AdditiveTransformer : Transformer
{
    /// <summary>Shifts.</summary>
    public AdditiveTransformer() => RegisterComponents();

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [1];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => x + Scalars(context, x.dim())[0];
}
