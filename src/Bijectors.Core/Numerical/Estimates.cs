using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Averages of independent estimates without bias, and how far they may be off.</summary>
internal static class Estimates
{
    /// <summary>The mean of several calls and its standard error, without gradients.</summary>
    /// <param name="isRandom">Whether calls differ; otherwise one is enough, and its error is 0.</param>
    /// <param name="draws">How many.</param>
    /// <param name="draw">Gives a fresh tensor.</param>
    /// <returns>Both fresh, in float64.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One draw says nothing of its error.</exception>
    public static (Tensor Mean, Tensor StandardError) Average(bool isRandom, int draws, Func<Tensor> draw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        if (!isRandom)
        {
            var exact = draw().to(ScalarType.Float64);
            return (exact.MoveToOuterDisposeScope(), zeros_like(exact).MoveToOuterDisposeScope());
        }

        var all = new Tensor[draws];
        for (var i = 0; i < draws; i++)
        {
            using var pass = NewDisposeScope();
            all[i] = draw().to(ScalarType.Float64).MoveToOuterDisposeScope();
        }

        var estimates = stack(all, 0);
        var mean = estimates.mean([0L]);
        var error = ((estimates - mean).square().sum([0L]) / ((double)draws * (draws - 1))).sqrt();

        // Outside a support the density is known to be zero.
        var known = where(mean.isinf(), 0, error);
        return (mean.MoveToOuterDisposeScope(), known.MoveToOuterDisposeScope());
    }
}
