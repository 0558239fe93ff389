using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The mean of <c>-log p(x | c)</c> over the items of a batch; where the density of the flow is not known exactly, of
/// minus its lower bound. Data with levels get fresh noise each time.
/// </summary>
public sealed class MaximumLikelihood : Objective
{
    private readonly Flow _flow;
    private readonly Batch? _validation;
    private readonly int _draws;
    private readonly int _batchSize;

    /// <summary>The likelihood of raw items: levels <c>0..Levels - 1</c> for a flow that has levels.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="validation">The items to choose the best weights by, <c>(V, event...)</c>; null to keep the
    /// last.</param>
    /// <param name="validationContext">Their context, <c>(V, context...)</c>, for a conditional flow.</param>
    /// <param name="draws">Over how many draws of noise the validation is averaged.</param>
    /// <param name="batchSize">How many validation items are passed at a time.</param>
    /// <exception cref="ShapeException">Items or context do not fit the flow.</exception>
    /// <exception cref="ArgumentException">Draws or batch size are not positive.</exception>
    public MaximumLikelihood(
        Flow flow, Tensor? validation = null, Tensor? validationContext = null, int draws = 1, int batchSize = 256)
        : base(flow)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (_flow, _draws, _batchSize) = (flow, draws, batchSize);
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
        ? base.Identity
        : $"{base.Identity}, validated on {Digest.Of(_validation.Items)} "
            + $"{(_validation.Context is null ? "" : Digest.Of(_validation.Context))}, {_draws} draws";

    /// <inheritdoc/>
    public override Tensor Loss(Batch batch, Generator noise)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var (x, context) = Place(batch, noise);
        var logProb = _flow.HasExactLogProb ? _flow.LogProb(x, context) : _flow.LowerBound(x, context, 1, noise);
        return (-logProb.mean()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Initialize(Batch batch, Generator noise)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (x, context) = Place(batch, noise);
        _flow.Initialize(Points(x, noise), context);
    }

    /// <inheritdoc/>
    public override ValidationScore? Validate(int seed)
    {
        if (_validation is null)
        {
            return null;
        }

        using var losses = Evaluation.Losses(
            _flow, _validation.Items, _validation.Context, _draws, seed, _batchSize);
        return ValidationScore.Of(losses);
    }

    internal override string? Explain(Batch batch, Generator noise)
    {
        using var scope = NewDisposeScope();
        var (x, context) = Place(batch, noise);
        return NonFiniteSearch.InForward(_flow, Points(x, noise), context);
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

        using var points = _flow.Dequantize(batch.Items, noise);
        return (placement.Place(points), context);
    }

    private Tensor Points(Tensor x, Generator noise) => _flow.HasExactLogProb ? x : _flow.Dequantize(x, noise);
}
