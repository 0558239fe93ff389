namespace Bijectors.Cli;

/// <summary>Convolutions 3x3, relu, 1x1, relu, 3x3 on images.</summary>
internal sealed class EagerConvNet(EagerState state) : EagerNetwork
{
    private readonly Tensor[] _weights = [.. Layers.Select(layer => state.At(layer)["weight"])];
    private readonly Tensor[] _biases = [.. Layers.Select(layer => state.At(layer)["bias"])];

    private static IEnumerable<string> Layers => ["first", "second", "last"];

    /// <summary>A convolution by torch that keeps height and width.</summary>
    /// <param name="x"><c>(N, channels, height, width)</c></param>
    /// <param name="weight"><c>(outputs, channels, size, size)</c>, size odd.</param>
    /// <param name="bias"><c>(outputs)</c>, or null.</param>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias = null)
    {
        var padding = weight.size(2) / 2;
#pragma warning disable RS0030 // What ours is compared with; no model is trained with its gradients.
        return nn.functional.conv2d(x, weight, bias, padding: [padding, padding]);
#pragma warning restore RS0030
    }

    public override Tensor Evaluate(Tensor x)
    {
        using var scope = NewDisposeScope();
        var h = Convolve(x, _weights[0], _biases[0]).relu();
        h = Convolve(h, _weights[1], _biases[1]).relu();
        return Convolve(h, _weights[2], _biases[2]).MoveToOuterDisposeScope();
    }
}
