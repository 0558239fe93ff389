using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An increasing polynomial of degree M on [-bound, bound], continued by its tangents:
/// <c>y = sum_m C(M, m) u^m (1 - u)^(M - m) c_m</c> with <c>u = (x + bound) / (2 bound)</c> and increasing coefficients
/// <c>c_0 = raw_0 - (M - 1) log(2) / 2</c>, <c>c_m = c_(m-1) + d_m</c>, where d is <c>softplus</c> of
/// <c>raw_1, raw_1, raw_2, ..., raw_(M-2), raw_(M-2)</c>; parameters raw (M - 1).
/// </summary>
/// <remarks>The first and the last two steps are equal, so that the curvature vanishes where the tangents begin. Sums
/// of positive terms only: value and slope lose no digits. The inverse is found between brackets. Source: Sick,
/// Hothorn, Duerr 2020, Deep transformation models, arXiv 2004.00464; the coefficients are those of zuko.</remarks>
[GeneratedBijector]
public sealed partial class BernsteinPolynomial : Transformer
{
    private readonly int _degree;
    private readonly double _bound;

    /// <summary>Polynomials.</summary>
    /// <param name="degree">The degree M.</param>
    /// <param name="bound">Where the tangents begin.</param>
    /// <exception cref="ArgumentException">The degree is not 3 to 200, or the bound not positive.</exception>
    public BernsteinPolynomial(int degree = 16, double bound = 5)
    {
        Numbers.CheckCount(nameof(BernsteinPolynomial), "a degree", degree, least: 3);
        if (degree > 200)
        {
            throw new ArgumentException(
                $"BernsteinPolynomial: expected a degree of at most 200, got {degree}.", nameof(degree));
        }

        Numbers.CheckPositive(nameof(BernsteinPolynomial), bound);
        (_degree, _bound) = (degree, bound);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_degree - 1];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <summary>The type and the degree.</summary>
    public override string ToString() => $"BernsteinPolynomial({_degree})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => Polynomial(x, Parameters(context, x.dim())[0]);

    [Primitive(nameof(PolynomialInverse), nameof(PolynomialLogSlope))]
    private Tensor Polynomial(Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        var inside = x.clamp(-_bound, _bound);
        var first = raw.narrow(-1, 0, 1) - (Math.Log(2) * (_degree - 1) / 2);
        var steps = Steps(raw);
        var y = (Basis(inside, _degree) * cat([first, steps], -1).cumsum(-1)).sum(-1);
        return (y + (Slope(inside, steps) * (x - inside))).MoveToOuterDisposeScope();
    }

    private Tensor PolynomialInverse(Tensor y, Tensor raw) => MonotoneInverse.Of(y, x => Polynomial(x, raw));

    private Tensor PolynomialLogSlope(Tensor x, Tensor raw)
    {
        using var scope = NewDisposeScope();
        return Slope(x.clamp(-_bound, _bound), Steps(raw)).log().MoveToOuterDisposeScope();
    }

    /// <summary>The M differences between coefficients.</summary>
    private Tensor Steps(Tensor raw) => Elementwise.Softplus(
        cat([raw.narrow(-1, 1, 1), raw.narrow(-1, 1, _degree - 2), raw.narrow(-1, _degree - 2, 1)], -1));

    private Tensor Slope(Tensor inside, Tensor steps) =>
        (Basis(inside, _degree - 1) * steps).sum(-1) * (_degree / (2 * _bound));

    /// <summary><c>C(n, m) u^m (1 - u)^(n - m)</c> for m from 0 to n.</summary>
    private Tensor Basis(Tensor inside, int n)
    {
        var u = Powers((inside + _bound) / (2 * _bound), n);
        var rest = Powers((-inside + _bound) / (2 * _bound), n);
        rest.Reverse();
        return stack(u, -1) * stack(rest, -1) * tensor(Binomials(n), inside.dtype, inside.device);
    }

    // By products: derivatives of torch's powers are no numbers at 0.
    private static List<Tensor> Powers(Tensor u, int n)
    {
        var powers = new List<Tensor> { ones_like(u) };
        for (var m = 1; m <= n; m++)
        {
            powers.Add(powers[^1] * u);
        }

        return powers;
    }

    private static double[] Binomials(int n)
    {
        var row = new double[n + 1];
        row[0] = 1;
        for (var m = 1; m <= n; m++)
        {
            row[m] = row[m - 1] * (n - m + 1) / m;
        }

        return row;
    }
}
