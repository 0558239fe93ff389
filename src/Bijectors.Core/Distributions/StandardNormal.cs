using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Independent standard normal elements: <c>log p(x) = -sum of x^2 / 2 - D log(2 pi) / 2</c>.</summary>
public sealed class StandardNormal : ElementwiseDistribution
{
    /// <summary>Standard normal elements.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    public StandardNormal(Shape eventShape)
        : base(eventShape)
    {
    }

    private StandardNormal(Shape eventShape, Tensor place)
        : base(eventShape, place)
    {
    }

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override bool HasTemperature => true;

    /// <inheritdoc/>
    public override Distribution Frozen() => new StandardNormal(EventShape, Place);

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var squares = x.square();
        using var sum = LogDets.Sum(squares, x, EventShape.Rank);
        using var half = -0.5 * sum;
        return half - (0.5 * EventShape.Size * Math.Log(2 * Math.PI));
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator) =>
        Draws.Normal([.. batch, .. EventShape.ToArray()], Dtype, Device, generator);
}
