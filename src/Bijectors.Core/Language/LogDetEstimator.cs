using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// How <c>log|det(I + dg/dx)|</c> is estimated for a contraction g: without bias, by the power series
/// <c>sum over k of (-1)^(k+1)/k v^T (dg/dx)^k v</c>, cut at random ("Russian roulette") and weighted by
/// <c>1/P(N >= k)</c>.
/// </summary>
/// <remarks>Source: Chen et al. 2019, Residual flows for invertible generative modeling, arXiv 1906.02735,
/// equation 6.</remarks>
public sealed class LogDetEstimator
{
    /// <summary>An estimator with noise of its own.</summary>
    /// <param name="generator">What the noise and the number of terms are drawn from; each estimate
    /// advances it.</param>
    /// <param name="exactTerms">How many terms are always taken.</param>
    /// <param name="meanFurtherTerms">The mean of the Poisson distribution of the number of terms after those.</param>
    /// <exception cref="ArgumentException">A number of terms is out of range.</exception>
    public LogDetEstimator(Generator generator, int exactTerms = 2, double meanFurtherTerms = 2)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfLessThan(exactTerms, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(meanFurtherTerms);
        Generator = generator;
        ExactTerms = exactTerms;
        MeanFurtherTerms = meanFurtherTerms;
    }

    /// <summary>What the noise is drawn from.</summary>
    public Generator Generator { get; }

    /// <summary>How many terms are always taken.</summary>
    public int ExactTerms { get; }

    /// <summary>The mean number of terms after those.</summary>
    public double MeanFurtherTerms { get; }
}
