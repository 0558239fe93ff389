using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The mean of what noisy points were without their noise, <c>E[x | y] = y + s^2 grad_y log p(y)</c>, where
/// <c>y = x + s eps</c> with standard normal eps, and p is the density of y. Samples are those means at points drawn
/// from p.
/// </summary>
/// <remarks>
/// <para>p is learned by training with noise of the deviation s (<c>TrainingOptions.Noise</c>). The means have no
/// density of their own here, so this is no <see cref="Distribution"/>. A point whose density is zero stays as it is.
/// Points are passed <see cref="BatchSize"/> at a time, so that memory does not grow with their number but for the
/// result; no gradients reach the parameters.</para>
/// <para>Source: Robbins 1956, An empirical Bayes approach to statistics, for the formula, Tweedie's; Zhai et al. 2024,
/// Normalizing flows are capable generative models, arXiv 2412.06329, for its use on samples of flows.</para>
/// </remarks>
public sealed class Denoised
{
    /// <summary>How many points are passed at a time.</summary>
    public const int BatchSize = 256;

    private readonly Distribution _noisy;

    /// <summary>Takes noise off the points of a distribution.</summary>
    /// <param name="noisy">The density of points with their noise; it stays the caller's.</param>
    /// <param name="deviation">The deviation s of the noise, in units of the points: of levels for a flow that has
    /// levels.</param>
    /// <exception cref="ArgumentException">The deviation is not above 0, or the density is not known exactly, see
    /// <see cref="Distribution.HasExactLogProb"/>.</exception>
    public Denoised(Distribution noisy, double deviation)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        if (!(deviation > 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Denoised: expected a deviation above 0, got {deviation}."),
                nameof(deviation));
        }

        if (!noisy.HasExactLogProb)
        {
            throw new ArgumentException(
                $"Denoised: expected a density that is known exactly, got {noisy}; its gradient says where a point "
                + "came from.",
                nameof(noisy));
        }

        (_noisy, Deviation) = (noisy, deviation);
    }

    /// <summary>The deviation s of the noise.</summary>
    public double Deviation { get; }

    /// <summary>The mean of what each point was without its noise.</summary>
    /// <param name="y">Noisy points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the distribution is conditioned on, <c>(batch..., context...)</c>, lined up with the
    /// points from the left.</param>
    /// <returns>Fresh points <c>(batch..., event...)</c>.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is.</exception>
    public Tensor Of(Tensor y, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (points, contexts) = _noisy.EachWithItsContext(y, context);
        var (batch, count) = (points.shape, points.shape[0]);
        var means = empty_like(points);
        for (var start = 0L; start < count; start += BatchSize)
        {
            using var part = NewDisposeScope();
            var size = Math.Min(BatchSize, count - start);
            means.narrow(0, start, size)
                .copy_(Mean(points.narrow(0, start, size), contexts?.narrow(0, start, size)));
        }

        var shape = _noisy.BatchWithContext(y, context);
        return means.reshape([.. shape, .. batch[1..]]).MoveToOuterDisposeScope();
    }

    /// <summary>Draws noisy points, those that <see cref="Distribution.Sample"/> draws, and takes their noise
    /// off.</summary>
    /// <param name="count">How many.</param>
    /// <param name="context">What the distribution is conditioned on: <c>(context...)</c> for all, or
    /// <c>(count, context...)</c>, one each.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(count, event...)</c>, without gradients.</returns>
    /// <inheritdoc cref="Distribution.Sample" path="/exception"/>
    public Tensor Sample(long count, Tensor? context = null, Generator? generator = null)
    {
        using var ungraded = no_grad();
        using var y = _noisy.Sample(count, context, generator);
        return Of(y, context);
    }

    /// <summary>Draws noisy points for each of several contexts and takes their noise off.</summary>
    /// <param name="count">How many for each.</param>
    /// <param name="context">What the distribution is conditioned on, <c>(batch..., context...)</c>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(batch..., count, event...)</c>, without gradients.</returns>
    /// <inheritdoc cref="Distribution.SampleEach" path="/exception"/>
    public Tensor SampleEach(long count, Tensor context, Generator? generator = null)
    {
        using var ungraded = no_grad();
        using var y = _noisy.SampleEach(count, context, generator);
        return Of(y, context);
    }

    private Tensor Mean(Tensor y, Tensor? context)
    {
        using var graded = enable_grad();
        var leaf = y.detach().clone().requires_grad_();
        var logProb = _noisy.LogProb(leaf, context).sum();
        if (logProb.requires_grad)
        {
            BackwardPass.Run(() => autograd.backward([logProb], [ones_like(logProb)], inputs: [leaf]));
        }

        return leaf.grad is { } score ? leaf.detach() + Deviation * Deviation * score : leaf.detach();
    }
}
