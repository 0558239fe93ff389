using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A layer of a chain in the direction in which the chain is run.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Place">Its place in the chain.</param>
/// <param name="Inverse">Whether it is the inverse that is run.</param>
internal readonly record struct ChainStep(Bijector Layer, int Place, bool Inverse)
{
    /// <summary>By how much the step changes the number of dimensions of an event.</summary>
    public int RankChange => (Layer.OutputEventRank - Layer.EventRank) * (Inverse ? -1 : 1);

    /// <summary>What the step makes of a point; the log-det where a rank is given and volume changes.</summary>
    public (Tensor Point, Tensor? LogDet) Map(Tensor point, Tensor? context, int? eventRank)
    {
        if (eventRank is not { } rank || Layer.IsVolumePreserving)
        {
            return (Inverse ? Nested.Inverse(Layer, point, context) : Nested.Forward(Layer, point, context), null);
        }

        return Inverse
            ? Nested.InverseWithLogDet(Layer, point, context, rank)
            : Nested.ForwardWithLogDet(Layer, point, context, rank);
    }

    /// <summary>The point of which the step makes the given one.</summary>
    public Tensor Undo(Tensor point, Tensor? context) =>
        Inverse ? Nested.Forward(Layer, point, context) : Nested.Inverse(Layer, point, context);
}
