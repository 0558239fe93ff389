namespace Bijectors;

/// <summary>How a <see cref="Made"/> is put together, where it is not as usual.</summary>
public sealed record MadeOptions
{
    /// <summary>
    /// The features in the order in which they depend on each other, as <c>[2, 0, 1]</c>: feature 2 depends on the
    /// context alone, 0 on 2, 1 on both. Their own order by default.
    /// </summary>
    public IReadOnlyList<int>? Order { get; init; }

    /// <summary>
    /// The degree of every hidden unit, from 0 to D - 1: on how many features of the order it depends. By default the
    /// units go round the degrees.
    /// </summary>
    public IReadOnlyList<int>? Degrees { get; init; }

    /// <summary>Whether the degrees are drawn from the generator of the weights, after them.</summary>
    public bool RandomDegrees { get; init; }

    /// <summary>How many numbers come out for each feature: 2 are a log-scale and a shift.</summary>
    public int Outputs { get; init; } = 2;

    /// <summary>The gain of the last layer: with 0 a network gives zeros at first.</summary>
    public double OutputGain { get; init; } = 1e-2;

    /// <summary>The activation between the linear layers; rectified linear units by default.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Whether hidden layers are residual blocks of two layers, or plain ones: one linear layer and one activation for
    /// each block.
    /// </summary>
    public bool IsResidual { get; init; } = true;

    /// <summary>How the context enters.</summary>
    public ContextEntry ContextEntry { get; init; }

    /// <summary>What hidden units go through before each activation: nothing, or a scale and a shift of each. Layer
    /// normalisation is refused, since it mixes units of all degrees.</summary>
    public HiddenNormalization Normalization { get; init; }

    /// <summary>The order of the features and the degrees that belong to masks of another library.</summary>
    /// <param name="inputMask">Which weights of the first layer count, <c>(hidden, D)</c>, of 0 and 1.</param>
    /// <param name="hiddenMask">Which weights of the layers inside count, <c>(hidden, hidden)</c>.</param>
    /// <param name="outputMask">Which weights of the last layer count, <c>(outputs D, hidden)</c>: first the first
    /// number of all features, then the second of all.</param>
    /// <exception cref="ShapeException">The shapes do not fit together.</exception>
    /// <exception cref="InvalidOperationException">The masks come from no order and no degrees.</exception>
    public static MadeOptions Of(
        TorchSharp.torch.Tensor inputMask, TorchSharp.torch.Tensor hiddenMask, TorchSharp.torch.Tensor outputMask)
    {
        ArgumentNullException.ThrowIfNull(inputMask);
        ArgumentNullException.ThrowIfNull(hiddenMask);
        ArgumentNullException.ThrowIfNull(outputMask);
        if (inputMask.shape is not [> 0 and var hidden, > 0 and var features]
            || !hiddenMask.shape.AsSpan().SequenceEqual([hidden, hidden])
            || outputMask.shape is not [> 0 and var rows, var columns] || columns != hidden || rows % features != 0)
        {
            throw new ShapeException(
                nameof(MadeOptions), "expected masks (hidden, D), (hidden, hidden) and (outputs D, hidden)",
                $"got {Shape.Of(inputMask.shape)}, {Shape.Of(hiddenMask.shape)} and {Shape.Of(outputMask.shape)}");
        }

        var order = new MadeMasks(inputMask, hiddenMask, outputMask).Order((int)features);
        return new()
        {
            Order = order.Places,
            Degrees = [.. order.Degrees.Select(degree => (int)degree)],
            Outputs = (int)(rows / features),
        };
    }
}
