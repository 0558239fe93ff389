using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Shapes as messages spell them.</summary>
internal static class ShapeText
{
    public static string Of(Tensor tensor) => Of(tensor.shape);

    public static string Of(params ReadOnlySpan<long> shape) => $"({string.Join(", ", shape.ToArray())})";
}
