namespace Bijectors.Testing.Doctor;

/// <summary>Functions of one number that .NET does not have, in float64, for arguments of moderate size.</summary>
internal static class Special
{
    /// <summary>The slope of erf at 0.</summary>
    public const double ErfSlope = 1.1283791670955126;

    private const int Steps = 100;
    private const double Least = 1e-15;

    /// <summary>
    /// <c>erf(x) = 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (1 3 5 .. (2n+1))</c>, all of whose terms have one sign.
    /// </summary>
    public static double Erf(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < Steps && sum + term != sum; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return ErfSlope * Math.Exp(-x * x) * sum;
    }

    /// <summary>The distribution function of the standard normal, <c>(1 + erf(x / sqrt(2))) / 2</c>.</summary>
    public static double Phi(double x) => (1 + Erf(x / Math.Sqrt(2))) / 2;

    /// <summary>
    /// The inverse of <see cref="Erf"/> by Newton's method, which comes from one side: erf is concave where it is
    /// positive.
    /// </summary>
    public static double ErfInverse(double y)
    {
        var x = 0.0;
        var step = 1.0;
        for (var i = 0; i < Steps && Math.Abs(step) > Least * Math.Abs(x); i++)
        {
            step = (y - Erf(x)) / ErfDerivative(x);
            x += step;
        }

        return x;
    }

    /// <summary>
    /// <c>exp(x^2) erfc(x)</c>, for x of 0 or more: from 1 on the continued fraction of Laplace,
    /// <c>1/sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / ...)))</c>.
    /// </summary>
    public static double ErfcScaled(double x)
    {
        if (x < 1)
        {
            return Math.Exp(x * x) * (1 - Erf(x));
        }

        var rest = 0.0;
        for (var n = 3 * Steps; n > 0; n--)
        {
            rest = n / 2.0 / (x + rest);
        }

        return 1 / (Math.Sqrt(Math.PI) * (x + rest));
    }

    public static double ErfDerivative(double x) => ErfSlope * Math.Exp(-x * x);

    /// <summary>
    /// The modified Bessel function of order 0 times exp(-x), for x of 0 or more: the series
    /// <c>I0(x) = sum_n (x^2 / 4)^n / (n!)^2</c>, all of whose terms have one sign.
    /// </summary>
    public static double I0e(double x) => Bessel(x, order: 0);

    /// <summary>The same of order 1: <c>I1(x) = x/2 sum_n (x^2 / 4)^n / (n! (n + 1)!)</c>.</summary>
    public static double I1e(double x) => Bessel(x, order: 1);

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary><c>log(1 + x)</c>, exact for small x.</summary>
    public static double Log1p(double x)
    {
        var rounded = 1 + x;
        return rounded == 1 ? x : Math.Log(rounded) * (x / (rounded - 1));
    }

    /// <summary><c>exp(x) - 1 = 2 exp(x/2) sinh(x/2)</c></summary>
    public static double Expm1(double x) => 2 * Math.Exp(x / 2) * Math.Sinh(x / 2);

    public static double Square(double x) => x * x;

    private static double Bessel(double x, int order)
    {
        var term = order == 0 ? 1 : x / 2;
        var sum = term;
        for (var n = 1; n < Steps && sum + term != sum; n++)
        {
            term *= x * x / (4.0 * n * (n + order));
            sum += term;
        }

        return sum * Math.Exp(-x);
    }
}
