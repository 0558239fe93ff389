using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A line: <c>y = x exp(s) + t</c>, or <c>y = (x + t) exp(s)</c> where the shift comes first; <c>log|dy/dx| = s</c>
/// with <c>s = scale(raw)</c>; parameters raw and t.
/// </summary>
/// <remarks>Source: Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803.</remarks>
[GeneratedBijector]
public sealed partial class AffineTransformer : Transformer
{
    private readonly ScaleMap _scale;
    private readonly bool _shiftFirst;

    /// <summary>Lines.</summary>
    /// <param name="scale">How raw numbers become scales; <see cref="ScaleMap.Bounded"/> by default.</param>
    /// <param name="shiftFirst">Whether x is shifted before it is scaled, as in Glow and Jet.</param>
    public AffineTransformer(ScaleMap? scale = null, bool shiftFirst = false)
    {
        _scale = scale ?? ScaleMap.Bounded();
        _shiftFirst = shiftFirst;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [1, 1];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Scalars(context, x.dim());
        if (_shiftFirst)
        {
            x = (x + parameters[1]) * exp(_scale.LogScale(parameters[0]));
        }
        else
        {
            x = (x * exp(_scale.LogScale(parameters[0]))) + parameters[1];
        }

        return x;
    }
}
