using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The mean of <c>log q(x) - log p(x)</c> over points x drawn from the trained distribution q: the divergence
/// <c>KL(q || p)</c> up to the unknown constant of p. No data are needed, only the density.
/// </summary>
/// <remarks>
/// The gradient passes through the points, <c>x = f^-1(z)</c>. It makes q small where p is small, and may leave out a
/// mode of p. Source: Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770, eq. 15.
/// </remarks>
public sealed class ReverseKl : Objective
{
    private readonly Distribution _q;
    private readonly Func<Tensor, Tensor?, Tensor> _logDensity;
    private readonly int _samples;
    private readonly int _validationSamples;

    /// <summary>The divergence from a density that is known up to a constant.</summary>
    /// <param name="q">What is trained; its samples must be reparameterised and its density exact.</param>
    /// <param name="logDensity"><c>log p(x)</c> plus any constant, from points <c>(n, event...)</c> to <c>(n)</c>, made
    /// of differentiable operations.</param>
    /// <param name="samples">The number of points of a step.</param>
    /// <param name="validationSamples">The number of points that the best weights are chosen by; 0 to keep the
    /// last.</param>
    /// <exception cref="ArgumentException">Samples of q carry no gradient, its density is not exact, it takes a
    /// context, or a number is out of range.</exception>
    public ReverseKl(Distribution q, Func<Tensor, Tensor> logDensity, int samples = 256, int validationSamples = 1024)
        : this(q, Unconditional(q, logDensity), samples, validationSamples)
    {
    }

    /// <summary>The divergence from a conditional density: the contexts are those of the batches, one point
    /// each.</summary>
    /// <inheritdoc cref="ReverseKl(Distribution, Func{Tensor, Tensor}, int, int)"/>
    /// <param name="q">What is trained.</param>
    /// <param name="logDensity"><c>log p(x | c)</c> plus a constant, from points <c>(n, event...)</c> and contexts
    /// <c>(n, context...)</c>, null for a q without, to <c>(n)</c>.</param>
    /// <param name="samples">The number of points of a step, for a q without context.</param>
    /// <param name="validationSamples">The number of points that the best weights are chosen by, for a q without
    /// context.</param>
    public ReverseKl(
        Distribution q, Func<Tensor, Tensor?, Tensor> logDensity, int samples = 256, int validationSamples = 1024)
        : base(q)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(validationSamples);
        if (!q.IsReparameterized || !q.HasExactLogProb)
        {
            throw new ArgumentException(
                $"ReverseKl: expected a distribution with reparameterised samples and an exact density, got {q}, which "
                + "has " + (q.IsReparameterized ? "no exact density" : "samples without gradients")
                + "; take another base.");
        }

        (_q, _logDensity, _samples, _validationSamples) = (q, logDensity, samples, validationSamples);
    }

    /// <summary>Nats: the divergence up to a constant.</summary>
    public override LossUnit Unit => LossUnit.Nats;

    /// <inheritdoc/>
    public override long Dimensions => _q.EventShape.Size;

    /// <inheritdoc/>
    public override Device? NoiseDevice => _q.Device;

    /// <inheritdoc/>
    public override string Identity => $"{base.Identity}, {_samples} and {_validationSamples} samples";

    /// <inheritdoc/>
    public override bool Validates => _validationSamples > 0 && _q.ContextShape is null;

    /// <inheritdoc/>
    public override Tensor Loss(Batch batch, Generator noise)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var context = Context(batch);
        return Each(context?.size(0) ?? _samples, context, noise).mean().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override ValidationScore? Validate(int seed)
    {
        if (_validationSamples == 0 || _q.ContextShape is not null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noise = new Generator((ulong)seed, _q.Device);
        return ValidationScore.Of(Each(_validationSamples, null, noise));
    }

    internal override string? Explain(Batch batch, Generator noise)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var context = Context(batch);
        var (x, logQ) = _q.SampleWithLogProb(context?.size(0) ?? _samples, context, noise);
        return !x.isfinite().all().item<bool>() ? "a sample of the distribution is not finite"
            : !logQ.isfinite().all().item<bool>() ? "the distribution's log-density at its own samples is not finite"
            : !_logDensity(x, context).isfinite().all().item<bool>() ? "the given log-density is not finite at a sample"
            : null;
    }

    private static Func<Tensor, Tensor?, Tensor> Unconditional(Distribution q, Func<Tensor, Tensor> logDensity)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(logDensity);
        return q.ContextShape is null
            ? (x, _) => logDensity(x)
            : throw new ArgumentException(
                $"ReverseKl: expected a density that takes a context as {q} does, got one without; "
                + "give a function of points and contexts.");
    }

    private Tensor? Context(Batch batch)
    {
        if (_q.ContextShape is null)
        {
            return null;
        }

        return batch.Context is { } context
            ? context.to(_q.Dtype, _q.Device)
            : throw new ArgumentException(
                $"ReverseKl: expected batches with a context {_q.ContextShape}, got none; take another source.");
    }

    private Tensor Each(long count, Tensor? context, Generator noise)
    {
        var (x, logQ) = _q.SampleWithLogProb(count, context, noise);
        var logP = _logDensity(x, context);
        return logP.shape.AsSpan().SequenceEqual(logQ.shape)
            ? logQ - logP
            : throw new ShapeException(
                "ReverseKl", $"expected a log-density ({count})", $"got ({string.Join(", ", logP.shape)})");
    }
}
