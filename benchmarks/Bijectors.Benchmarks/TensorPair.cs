using static TorchSharp.torch;

namespace Bijectors.Benchmarks;

internal static class TensorPair
{
    /// <summary>Disposes a point and its log-det.</summary>
    public static void Dispose(this (Tensor Point, Tensor LogDet) both)
    {
        both.Point.Dispose();
        both.LogDet.Dispose();
    }
}
