using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The integral of a sum of squares of K polynomials of degree M:
/// <c>y = t + integral from 0 to x of (e + sum_k p_k(u)^2) du</c>, <c>dy/dx = e + sum_k p_k(x)^2</c> with
/// <c>e = 1/1000</c>; parameters the coefficients of all p, from the constant up, <c>[p_1 (M + 1) | ... | p_K (M + 1) |
/// t]</c>.
/// </summary>
/// <remarks>
/// The integral is a Gauss-Legendre sum of M + 1 positive terms, which is exact for such polynomials. For raw zeros
/// <c>p_k = sqrt((1 - e) / K) + ((2 k + 1) / K - 1) u / 10</c>: polynomials that start as one would stay one. Far out y
/// grows as <c>|x|^(2 M + 1)</c>; standardise the data first. The inverse is found between brackets. Source: Jaini,
/// Selby, Yu 2019, Sum-of-squares polynomial flow, arXiv 1905.02325, eq. 9.
/// </remarks>
[GeneratedBijector]
public sealed partial class SumOfSquares : Transformer
{
    private const double Least = 1e-3;
    private readonly int _polynomials;
    private readonly int _degree;

    /// <summary>Integrals of sums of squares.</summary>
    /// <param name="polynomials">The number K of polynomials.</param>
    /// <param name="degree">Their degree M.</param>
    /// <exception cref="ArgumentException">There are no polynomials, or the degree is not 1 to 20.</exception>
    public SumOfSquares(int polynomials = 3, int degree = 2)
    {
        Numbers.CheckCount(nameof(SumOfSquares), "a number of polynomials", polynomials, least: 1);
        Numbers.CheckCount(nameof(SumOfSquares), "a degree", degree, least: 1);
        if (degree > 20)
        {
            throw new ArgumentException(
                $"SumOfSquares: expected a degree of at most 20, got {degree}.", nameof(degree));
        }

        (_polynomials, _degree) = (polynomials, degree);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_polynomials * (_degree + 1), 1];

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <summary>The type, the number of polynomials and their degree.</summary>
    public override string ToString() => $"SumOfSquares({_polynomials}, {_degree})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        return Integral(x, parameters[0]) + parameters[1].squeeze(-1);
    }

    [Primitive(nameof(IntegralInverse), nameof(IntegralLogSlope))]
    private Tensor Integral(Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        var (nodes, weights) = Quadrature.GaussLegendre(_degree + 1);
        var sum = zeros_like(x);
        for (var i = 0; i < nodes.Length; i++)
        {
            // The nodes of [0, x]
            sum = sum + (weights[i] / 2 * Squares(x * ((1 + nodes[i]) / 2), raw));
        }

        return (x * sum).MoveToOuterDisposeScope();
    }

    private Tensor IntegralInverse(Tensor y, Tensor raw) => MonotoneInverse.Of(y, x => Integral(x, raw));

    private Tensor IntegralLogSlope(Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        return Squares(x, raw).log().MoveToOuterDisposeScope();
    }

    private Tensor Squares(Tensor u, Tensor raw)
    {
        var start = zeros([_polynomials, _degree + 1], raw.dtype, raw.device);
        using (no_grad())
        {
            start.select(1, 0).fill_(Math.Sqrt((1 - Least) / _polynomials));
            start.select(1, 1).copy_((((2 * arange(_polynomials, raw.dtype, raw.device)) + 1) / _polynomials - 1) / 10);
        }

        var coefficients = raw.reshape([.. raw.shape[..^1], _polynomials, _degree + 1]) + start;
        var value = coefficients.select(-1, _degree);
        for (var m = _degree - 1; m >= 0; m--)
        {
            value = (value * u.unsqueeze(-1)) + coefficients.select(-1, m);
        }

        return value.square().sum(-1) + Least;
    }
}
