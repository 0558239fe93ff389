using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// How <c>log|det(I + dg/dx)|</c> is estimated for a contraction g: without bias, by the power series
/// <c>sum over k of (-1)^(k+1)/k v^T (dg/dx)^k v</c>, cut at random ("Russian roulette") and weighted by
/// <c>1/P(N >= k)</c>.
/// </summary>
/// <remarks>
/// Its gradients are the derivatives of the estimate, for which all terms are recorded, or those of a series of their
/// own, <c>sum over k of (-1)^k v^T (dg/dx)^k d(dg/dx) v</c>, which are without bias as well, need the memory of one
/// term and cannot be differentiated again. Source: Chen et al. 2019, Residual flows for invertible generative
/// modeling, arXiv 1906.02735, equations 6 and 8.
/// </remarks>
public sealed class LogDetEstimator
{
    /// <summary>An estimator with noise of its own.</summary>
    /// <param name="generator">What the noise and the number of terms are drawn from; each estimate
    /// advances it.</param>
    /// <param name="exactTerms">How many terms are always taken.</param>
    /// <param name="meanFurtherTerms">The mean of the Poisson distribution of the number of terms after those.</param>
    /// <param name="hasNeumannGradients">Whether gradients come from a series of their own.</param>
    /// <exception cref="ArgumentException">A number of terms is out of range.</exception>
    public LogDetEstimator(
        Generator generator, int exactTerms = 2, double meanFurtherTerms = 2, bool hasNeumannGradients = false)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfLessThan(exactTerms, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(meanFurtherTerms);
        Generator = generator;
        ExactTerms = exactTerms;
        MeanFurtherTerms = meanFurtherTerms;
        HasNeumannGradients = hasNeumannGradients;
    }

    /// <summary>What the noise is drawn from.</summary>
    public Generator Generator { get; }

    /// <summary>How many terms are always taken.</summary>
    public int ExactTerms { get; }

    /// <summary>The mean number of terms after those.</summary>
    public double MeanFurtherTerms { get; }

    /// <summary>Whether gradients come from a series of their own, which takes less memory.</summary>
    public bool HasNeumannGradients { get; }
}
