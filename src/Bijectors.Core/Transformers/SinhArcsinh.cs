using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Skewness and weight of the tails: <c>y = sinh(d asinh(x) + e)</c> with <c>d = scale(raw)</c>,
/// <c>log|dy/dx| = log d + log cosh(d asinh(x) + e) - log(1 + x^2) / 2</c>; parameters raw and e.
/// </summary>
/// <remarks>Far out y grows as <c>|x|^d</c>. Source: Jones, Pewsey 2009, Sinh-arcsinh distributions, Biometrika 96 (4),
/// eq. 2.</remarks>
[GeneratedBijector]
public sealed partial class SinhArcsinh : Transformer
{
    private readonly ScaleMap _scale;

    /// <summary>Sinh-arcsinh maps.</summary>
    /// <param name="scale">How raw numbers become d; between 1/e and e by default.</param>
    public SinhArcsinh(ScaleMap? scale = null)
    {
        _scale = scale ?? ScaleMap.Bounded(1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [1, 1];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Scalars(context, x.dim());
        return sinh((asinh(x) * exp(_scale.LogScale(parameters[0]))) + parameters[1]);
    }
}
