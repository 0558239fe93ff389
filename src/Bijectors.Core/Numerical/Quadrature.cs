namespace Bijectors;

/// <summary>Nodes and weights of integrals over [-1, 1].</summary>
internal static class Quadrature
{
    /// <summary>
    /// The rule of Gauss and Legendre of n nodes, exact for polynomials of degree 2 n - 1; all weights are positive.
    /// </summary>
    /// <remarks>Zeros of the Legendre polynomial by Newton's method; it settles in a few steps from Tricomi's
    /// estimate.</remarks>
    public static (double[] Nodes, double[] Weights) GaussLegendre(int n)
    {
        var (nodes, weights) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var x = Math.Cos(Math.PI * (n - i - 0.25) / (n + 0.5));
            var slope = 1.0;
            for (var step = 0; step < 100; step++)
            {
                (var value, slope) = Legendre(n, x);
                var change = value / slope;
                x -= change;
                if (Math.Abs(change) <= 1e-16)
                {
                    break;
                }
            }

            (nodes[i], weights[i]) = (x, 2 / ((1 - (x * x)) * slope * slope));
        }

        return (nodes, weights);
    }

    /// <summary>The Legendre polynomial of degree n and its slope.</summary>
    private static (double Value, double Slope) Legendre(int n, double x)
    {
        var (before, value) = (1.0, x);
        for (var k = 2; k <= n; k++)
        {
            (before, value) = (value, (((2 * k) - 1) * x * value - ((k - 1) * before)) / k);
        }

        return (value, n * ((x * value) - before) / ((x * x) - 1));
    }
}
