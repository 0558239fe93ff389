namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// Functions of one number that <see cref="Math"/> does not have, exact enough to tell what is far out
/// and what is lost.
/// </summary>
internal static class Scalars
{
    public static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    public static double Log1p(double x) => Math.Abs(x) < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);

    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    public static double Logit(double y) => Math.Log(y) - Log1p(-y);

    /// <summary>
    /// By the Chebyshev fit of Press et al., Numerical Recipes, section 6.2, with a relative error of 1e-7 in 1 - erf.
    /// </summary>
    public static double Erf(double x)
    {
        if (double.IsInfinity(x))
        {
            return Math.Sign(x);
        }

        double[] fit = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
            1.48851587, -0.82215223, 0.17087277];
        var t = 1 / (1 + (0.5 * Math.Abs(x)));
        var exponent = Enumerable.Reverse(fit).Aggregate(0.0, (sum, c) => (sum * t) + c);
        var rest = t * Math.Exp((-x * x) + exponent);
        return Math.Abs(x) < 1e-4 ? 2 / Math.Sqrt(Math.PI) * x : x > 0 ? 1 - rest : rest - 1;
    }

    public static double ErfInverse(double y)
    {
        if (!(Math.Abs(y) < 1))
        {
            return Math.Abs(y) == 1 ? y * double.PositiveInfinity : double.NaN;
        }

        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Erf(middle) < y ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
