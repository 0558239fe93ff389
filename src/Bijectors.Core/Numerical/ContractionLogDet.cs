using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// <c>log|det(I + dg/dx)|</c> from a graph of g at x; the caller's dispose scope takes the temporaries.
/// </summary>
internal static class ContractionLogDet
{
    /// <summary>By the Jacobian, row by row, and an LU factorisation.</summary>
    /// <param name="value">g(x), <c>(batch..., event...)</c>.</param>
    /// <param name="x">What it was taken at.</param>
    /// <param name="rank">How many last dimensions are one event.</param>
    /// <param name="differentiable">Whether the result can be differentiated.</param>
    public static Tensor Exact(Tensor value, Tensor x, int rank, bool differentiable)
    {
        var batch = x.shape[..^rank];
        var size = x.shape[^rank..].Aggregate(1L, (product, one) => product * one);
        var rows = new Tensor[size];
        using (var pass = NewDisposeScope())
        {
            for (var i = 0L; i < size; i++)
            {
                // Events do not act on one another: one vector picks entry i of each.
                var picked = zeros(size, dtype: x.dtype, device: x.device);
                picked.narrow(0, i, 1).fill_(1);
                var v = picked.reshape(x.shape[^rank..]).expand(x.shape);
                rows[i] = Product(value, x, v, differentiable).reshape([.. batch, size]).MoveToOuterDisposeScope();
            }
        }

        var jacobian = stack(rows, -2) + eye(size, dtype: x.dtype, device: x.device);
        var logAbsDet = Determinants.LogAbs(jacobian);
        return logAbsDet;
    }

    /// <summary>By the power series, cut at random and weighted so that the mean is right.</summary>
    /// <param name="value">g(x), <c>(batch..., event...)</c>.</param>
    /// <param name="x">What it was taken at.</param>
    /// <param name="rank">How many last dimensions are one event.</param>
    /// <param name="estimator">What the noise and the number of terms are drawn from.</param>
    /// <param name="differentiable">Whether the result can be differentiated.</param>
    public static Tensor Estimated(Tensor value, Tensor x, int rank, LogDetEstimator estimator, bool differentiable)
    {
        // Signs have the least variance among noise of mean 0 and covariance I.
        using var bits =
            randint(0, 2, x.shape, ScalarType.Int64, estimator.Generator.device, generator: estimator.Generator);
        using var placed = bits.to(x.device);
        var v = (placed.to(x.dtype) * 2) - 1;
        return differentiable && estimator.HasNeumannGradients
            ? OfNeumannSeries(value, x, rank, estimator, v)
            : Series(value, x, rank, estimator, v, differentiable).LogDet;
    }

    /// <summary>
    /// The estimate with gradients from <c>sum over k of (-1)^k v^T (dg/dx)^k d(dg/dx) v</c>, whose mean is
    /// <c>d log det = tr((I + dg/dx)^-1 d(dg/dx))</c>: what stands left of the last factor is a constant, so that one
    /// product with the Jacobian is recorded, whatever the number of terms.
    /// </summary>
    private static Tensor OfNeumannSeries(Tensor value, Tensor x, int rank, LogDetEstimator estimator, Tensor v)
    {
        var (logDet, left) = Series(value, x, rank, estimator, v, differentiable: false);
        var surrogate = LogDets.Sum(Product(value, x, left, differentiable: true) * v, x, rank);
        return FirstDerivatives.Only(surrogate, logDet, nameof(LogDetEstimator));
    }

    /// <summary>
    /// The series of the log-det, and <c>sum over k from 0 of (-1)^k v^T (dg/dx)^k</c> with the same weights.
    /// </summary>
    private static (Tensor LogDet, Tensor Left) Series(
        Tensor value, Tensor x, int rank, LogDetEstimator estimator, Tensor v, bool differentiable)
    {
        var terms = estimator.ExactTerms + Poisson(estimator);
        var (w, left) = (v, v);
        var total = zeros(x.shape[..^rank], dtype: x.dtype, device: x.device);
        for (var k = 1; k <= terms; k++)
        {
            w = Product(value, x, w, differentiable);
            var weight = (k % 2 == 1 ? 1 : -1) / Survival(k - estimator.ExactTerms, estimator.MeanFurtherTerms);
            total += LogDets.Sum(w * v, x, rank) * (weight / k);
            left = left - (w * weight);
        }

        return (total, left);
    }

    private static Tensor Product(Tensor value, Tensor x, Tensor v, bool differentiable)
    {
        if (differentiable || !x.is_leaf)
        {
            return Gradients.ProductAtNode(value, x, v, differentiable);
        }

        return (value.requires_grad ? Gradients.Product(value, x, v) : null) ?? zeros_like(x);
    }

    /// <summary>
    /// A draw from the Poisson distribution: how many of its cumulative probabilities lie below a uniform number.
    /// </summary>
    private static int Poisson(LogDetEstimator estimator)
    {
        using var uniform = rand(1, ScalarType.Float64, estimator.Generator.device, generator: estimator.Generator);
        var u = uniform.item<double>();
        var count = 0;
        while (1 - Survival(count + 1, estimator.MeanFurtherTerms) < u)
        {
            count++;
        }

        return count;
    }

    /// <summary><c>P(N >= k)</c> for N of a Poisson distribution.</summary>
    private static double Survival(int k, double mean)
    {
        var (probability, survival) = (Math.Exp(-mean), 1.0);
        for (var j = 0; j < k; j++)
        {
            survival -= probability;
            probability *= mean / (j + 1);
        }

        return survival;
    }
}
