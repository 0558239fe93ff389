using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The layers of a <see cref="Made"/>.</summary>
/// <param name="Order">The order of its features and units.</param>
/// <param name="Initial">The first layer, which reads features and context.</param>
/// <param name="Hidden">The layers inside: two for each residual block, or one for each plain one.</param>
/// <param name="Final">The last layer, which gives the first number of all features, then the second of all, and so
/// on.</param>
/// <param name="Outputs">How many numbers there are for each feature.</param>
/// <param name="Between">What stands between the layers.</param>
internal sealed record MadeNetwork(
    MadeOrder Order, Dense Initial, IReadOnlyList<Dense> Hidden, Dense Final, int Outputs, HiddenLayers Between)
{
    /// <summary>The activation between the layers.</summary>
    public Activation Activation => Between.Options.Activation;

    /// <summary>Whether the layers inside are residual blocks.</summary>
    public bool IsResidual => Between.Options.IsResidual;

    /// <summary>All layers in the order in which they are applied.</summary>
    public IEnumerable<Dense> Layers => [Initial, .. Hidden, Final];

    /// <summary>Weight and bias of every layer, in that order.</summary>
    public IEnumerable<Tensor> Parameters => Layers.SelectMany(layer => new[] { layer.Weight, layer.Bias });

    /// <summary>Whether there are kernels for it.</summary>
    public bool HasKernel => Activation == Activation.Relu && IsResidual && Between.IsPlain;
}
