using Bijectors.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The mean of <c>-log p(x | c)</c> over the items of a batch; where the density of the flow is not known exactly, of
/// minus its lower bound. Data with levels get fresh noise each time.
/// </summary>
/// <remarks>
/// With Gaussian noise of a deviation s it is the density of <c>y = x + s eps</c> that is learned and validated, with
/// fresh noise each time. Whole numbers then get it around the middle <c>x + 1/2</c> of their cell, in place of uniform
/// noise, so that what is left of them without it (<see cref="Denoised"/>) rounds to them. Source: Zhai et al. 2024,
/// Normalizing flows are capable generative models, arXiv 2412.06329, where s is 0.05 of pixels in [-1, 1] and larger
/// for images that are large or have classes.
/// </remarks>
public sealed class MaximumLikelihood : Objective
{
    private readonly Flow _flow;
    private readonly Batch? _validation;
    private readonly int _draws;
    private readonly int _batchSize;
    private readonly double _noise;
    private readonly double _contextDropout;

    /// <summary>The likelihood of raw items: levels <c>0..Levels - 1</c> for a flow that has levels.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="validation">The items to choose the best weights by, <c>(V, event...)</c>; null to keep the
    /// last.</param>
    /// <param name="validationContext">Their context, <c>(V, context...)</c>, for a conditional flow.</param>
    /// <param name="draws">Over how many draws of noise the validation is averaged.</param>
    /// <param name="batchSize">How many validation items are passed at a time.</param>
    /// <param name="noise">The deviation of Gaussian noise that is added to items, in their unit; 0 for none.</param>
    /// <param name="contextDropout">The share of items whose context is left out in the loss; validation has
    /// all.</param>
    /// <exception cref="ShapeException">Items or context do not fit the flow.</exception>
    /// <exception cref="ArgumentException">Draws or batch size are not positive; there is noise for a flow that is not
    /// an exact density on all reals; or contexts are to be left out that may not be missing.</exception>
    public MaximumLikelihood(
        Flow flow, Tensor? validation = null, Tensor? validationContext = null, int draws = 1, int batchSize = 256,
        double noise = 0, double contextDropout = 0)
        : base(flow)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        GaussianNoise.Check(nameof(MaximumLikelihood), flow, noise);
        if (contextDropout != 0 && !(contextDropout is > 0 and < 1 && flow.HasOptionalContext))
        {
            throw new ArgumentException(
                "MaximumLikelihood: expected a share of 0 or more and less than 1, and a flow whose context may be "
                + $"missing (OptionallyConditional), to leave contexts out, got {contextDropout} and {flow}.",
                nameof(contextDropout));
        }

        (_flow, _draws, _batchSize, _noise, _contextDropout) = (flow, draws, batchSize, noise, contextDropout);
        if (validation is not null)
        {
            TrainingData.Check(flow, "Validation", validation, validationContext);
        }

        _validation = validation is not null && validation.size(0) > 0 ? new(validation, validationContext) : null;
    }

    /// <summary>Bits per dimension for a flow with levels, nats for others.</summary>
    public override LossUnit Unit => _flow.Levels is null ? LossUnit.Nats : LossUnit.BitsPerDimension;

    /// <inheritdoc/>
    public override long Dimensions => _flow.EventShape.Size;

    /// <summary>True where there are validation items.</summary>
    public override bool Validates => _validation is not null;

    // Of an exact density the only noise is that of levels, which is added where the items are.
    /// <inheritdoc/>
    public override Device? NoiseDevice => _flow.HasExactLogProb ? null : _flow.Device;

    /// <inheritdoc/>
    public override string Identity => _validation is null
        ? Name
        : $"{Name}, validated on {Digest.Of(_validation.Items)} "
            + $"{(_validation.Context is null ? "" : Digest.Of(_validation.Context))}, {_draws} draws";

    /// <inheritdoc/>
    public override Tensor Loss(Batch batch, Generator noise)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var (x, context) = Dropped(Place(batch, noise), noise);
        var logProb = _flow.HasExactLogProb ? _flow.LogProb(x, context) : _flow.LowerBound(x, context, 1, noise);
        return (-logProb.mean()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same for the items of one rank. Of an exact density it is the loss that one process has: noise and missing
    /// contexts are drawn for the whole batch. What draws noise inside, as learned dequantization, has noise of its own
    /// on each rank.
    /// </summary>
    /// <inheritdoc/>
    public override Tensor SharedLoss(Batch batch, Generator noise, Communicator ranks)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(ranks);
        if (!_flow.HasExactLogProb)
        {
            return base.SharedLoss(batch, noise, ranks);
        }

        using var scope = NewDisposeScope();
        var (x, context) = Dropped(Place(batch, noise), noise);
        var share = new Batch(x, context).Of(ranks);
        return (-_flow.LogProb(share.Items, share.Context).mean()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Initialize(Batch batch, Generator noise)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (x, context) = Place(batch, noise);
        _flow.Initialize(Points(x, noise), context, noise);
    }

    /// <inheritdoc/>
    public override ValidationScore? Validate(int seed)
    {
        if (_validation is null)
        {
            return null;
        }

        using var losses = Evaluation.Losses(
            _flow, _validation.Items, _validation.Context, _draws, seed, _batchSize, noise: _noise);
        return ValidationScore.Of(losses);
    }

    /// <summary>The same; of an exact density each rank measures some of the batches of validation items, with the
    /// noise that one process draws.</summary>
    /// <inheritdoc/>
    public override ValidationScore? SharedValidate(int seed, Communicator ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (_validation is null || !_flow.HasExactLogProb)
        {
            return Validate(seed);
        }

        using var losses = new ItemLosses(_flow, _validation, _draws, seed, _batchSize, _noise).Of(ranks);
        return ValidationScore.Of(losses);
    }

    internal override Flow? PassedOnce => _flow.HasExactLogProb ? _flow : null;

    internal override string? Explain(Batch batch, Generator noise)
    {
        using var scope = NewDisposeScope();
        var (x, context) = Dropped(Place(batch, noise), noise);
        return NonFiniteSearch.InForward(_flow, Points(x, noise), context);
    }

    private string Name => base.Identity
        + (_noise == 0 ? "" : $" with noise of deviation {_noise}")
        + (_contextDropout == 0 ? "" : $", leaving out {_contextDropout} of the contexts");

    private (Tensor X, Tensor? Context) Dropped((Tensor X, Tensor? Context) batch, Generator noise)
    {
        if (batch.Context is not { } context || _contextDropout == 0)
        {
            return batch;
        }

        long[] each = [context.size(0), .. Enumerable.Repeat(1L, (int)context.dim() - 1)];
        var drop = rand(each, device: noise.device, generator: noise).lt(_contextDropout).to(context.device);
        return (batch.X, where(drop, full_like(context, double.NaN), context));
    }

    // What an inexact flow is given is raw: its lower bound adds the noise.
    private (Tensor X, Tensor? Context) Place(Batch batch, Generator noise)
    {
        var placement = Placement.Of(_flow);
        var context = batch.Context is null ? null : placement.Place(batch.Context);
        if (!_flow.HasExactLogProb)
        {
            return (placement.Place(batch.Items), context);
        }

        using var points = GaussianNoise.Points(_flow, batch.Items, noise, _noise);
        return (placement.Place(points), context);
    }

    private Tensor Points(Tensor x, Generator noise) => _flow.HasExactLogProb ? x : _flow.Dequantize(x, noise);
}
