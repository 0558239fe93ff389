using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Independent standard logistic elements: <c>log p(x) = sum of log s(x) + log s(-x)</c>, s the sigmoid.
/// </summary>
/// <remarks>A draw is the logit of a uniform number, of which float32 has 2^24: the tails end at 17, in float64
/// at 37.</remarks>
public sealed class StandardLogistic : ElementwiseDistribution
{
    /// <summary>Standard logistic elements.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    public StandardLogistic(Shape eventShape)
        : base(eventShape)
    {
    }

    private StandardLogistic(Shape eventShape, Tensor place)
        : base(eventShape, place)
    {
    }

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override bool HasTemperature => true;

    /// <inheritdoc/>
    public override Distribution Frozen() => new StandardLogistic(EventShape, Place);

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        // log s(x) + log s(-x) = -|x| - 2 log(1 + exp(-|x|))
        using var scope = NewDisposeScope();
        var size = x.abs();
        return LogDets.Sum(-size - (2 * (-size).exp().log1p()), x, EventShape.Rank).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var uniform = Draws.Uniform([.. batch, .. EventShape.ToArray()], Dtype, Device, generator);

        // 0 may be drawn, 1 may not.
        var inside = uniform.clamp(min: finfo(Dtype).eps / 4);
        return (inside.log() - (-inside).log1p()).MoveToOuterDisposeScope();
    }
}
