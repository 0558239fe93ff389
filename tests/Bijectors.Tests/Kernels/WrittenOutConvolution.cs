namespace Bijectors.Tests.Kernels;

/// <summary>One convolution of images, and its gradients, as sums written out in float64.</summary>
internal sealed class WrittenOutConvolution(int batch, int inputs, int outputs, int height, int width, int size)
{
    /// <summary><c>y[n, o, p] = b[o] + sum_i sum_q w[o, i, q] x[n, i, p + q]</c></summary>
    public double[] Map(double[] x, double[] w, double[] b)
    {
        var y = new double[batch * outputs * height * width];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = b[i / (height * width) % outputs];
        }

        Each((ofY, ofX, ofW) => y[ofY] += w[ofW] * x[ofX]);
        return y;
    }

    /// <summary>The gradients of <c>sum g y</c> to x, w and b.</summary>
    public (double[] OfX, double[] OfW, double[] OfB) Gradients(double[] x, double[] w, double[] g)
    {
        var (gx, gw, gb) = (new double[x.Length], new double[w.Length], new double[outputs]);
        Each((ofY, ofX, ofW) =>
        {
            gx[ofX] += w[ofW] * g[ofY];
            gw[ofW] += x[ofX] * g[ofY];
        });
        for (var i = 0; i < g.Length; i++)
        {
            gb[i / (height * width) % outputs] += g[i];
        }

        return (gx, gw, gb);
    }

    // All products: where their factors and their sums are.
    private void Each(Action<int, int, int> product)
    {
        for (var (n, all) = (0, batch * outputs * inputs); n < all; n++)
        {
            var (image, o, i) = (n / (outputs * inputs), n / inputs % outputs, n % inputs);
            for (var place = 0; place < size * size; place++)
            {
                var (dy, dx) = ((place / size) - (size / 2), (place % size) - (size / 2));
                for (var y = Math.Max(0, -dy); y < Math.Min(height, height - dy); y++)
                {
                    for (var x = Math.Max(0, -dx); x < Math.Min(width, width - dx); x++)
                    {
                        product(
                            (((((image * outputs) + o) * height) + y) * width) + x,
                            (((((image * inputs) + i) * height) + y + dy) * width) + x + dx,
                            (((o * inputs) + i) * size * size) + place);
                    }
                }
            }
        }
    }
}
